# Stand-ins for a music service, for the real yt-dlp: tracks, likes and searches answered by the tests' own server.
import os
from urllib.parse import quote

from yt_dlp.extractor.common import InfoExtractor, SearchInfoExtractor
from yt_dlp.utils import ExtractorError

HOST = os.environ.get('CRATE_STAND_IN', 'http://127.0.0.1:1')


class CrateTrackIE(InfoExtractor):
    IE_NAME = 'crate:track'
    _VALID_URL = r'https?://127\.0\.0\.1:\d+/track/(?P<id>[^/?#]+)'

    def _real_extract(self, url):
        track_id = self._match_id(url)
        info = self._download_json(url.replace('/track/', '/api/track/'), track_id)
        if info.get('error'):
            raise ExtractorError(info['error'], expected=True)
        return info


class CrateLikesIE(InfoExtractor):
    IE_NAME = 'crate:likes'
    _VALID_URL = r'https?://127\.0\.0\.1:\d+/likes/(?P<id>[^/?#]+)'

    def _real_extract(self, url):
        list_id = self._match_id(url)
        likes = self._download_json(url.replace('/likes/', '/api/likes/'), list_id)
        entries = [{'_type': 'url', 'ie_key': 'CrateTrack', **entry} for entry in likes['entries']]
        return self.playlist_result(entries, list_id, likes['title'])


class CrateSearchIE(SearchInfoExtractor):
    IE_NAME = 'crate:search'
    _SEARCH_KEY = 'ytsearch'
    _MAX_RESULTS = 50

    def _search_results(self, query):
        answer = self._download_json(f'{HOST}/api/search?q={quote(query)}', query)
        for entry in answer['entries']:
            yield {'_type': 'url', 'ie_key': 'CrateTrack', **entry}

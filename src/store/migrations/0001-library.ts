// The first library: tracks and their files, what analysis found, what the DJ made, playlists, history, downloads.

export const sql = `
-- One row per audio file. Narrow, because every sync reads all of it.
CREATE TABLE tracks (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  path TEXT NOT NULL UNIQUE,
  size_bytes INTEGER,
  modified_at_ms REAL,
  audio_hash TEXT,
  missing_since_ms REAL,
  -- Of the built-in analysis of this audio; kept by the triggers below.
  analysis_version INTEGER,
  format TEXT,
  duration_ms REAL,
  sample_rate_hz REAL,
  channels INTEGER,
  bit_depth INTEGER,
  bit_rate_kbps REAL,
  mp3_header_case TEXT
) STRICT;
CREATE INDEX tracks_by_audio ON tracks (audio_hash) WHERE audio_hash IS NOT NULL;

CREATE TABLE tags (
  track_row INTEGER PRIMARY KEY REFERENCES tracks (row) ON DELETE CASCADE,
  title TEXT, artist TEXT, album TEXT, album_artist TEXT, genre TEXT, comment TEXT, label TEXT, remixer TEXT,
  composer TEXT, producer TEXT, grouping TEXT, mix TEXT, catalog_number TEXT, isrc TEXT,
  year REAL, release_date TEXT, track_number REAL, track_total REAL, disc_number REAL, tempo_bpm REAL, key TEXT
) STRICT;

-- What a person said of a track, here or in another program; analysis never writes here.
CREATE TABLE marks (
  track_row INTEGER PRIMARY KEY REFERENCES tracks (row) ON DELETE CASCADE,
  rating_stars REAL, rating_origin TEXT,
  color_rgb INTEGER, color_origin TEXT,
  tempo_bpm REAL, tempo_origin TEXT,
  key_index INTEGER CHECK (key_index BETWEEN 0 AND 23), key_origin TEXT,
  grid TEXT CHECK (grid IS NULL OR json_valid(grid)), grid_origin TEXT,
  is_grid_locked INTEGER NOT NULL DEFAULT 0,
  cues TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(cues)),
  play_count INTEGER NOT NULL DEFAULT 0,
  last_played_at TEXT,
  added_at TEXT,
  extras TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extras))
) STRICT;

-- By audio, so that copies and moved files share it. Analyser 'crate' is the built-in one.
CREATE TABLE analyses (
  audio_hash TEXT NOT NULL,
  analyzer TEXT NOT NULL,
  version INTEGER NOT NULL,
  duration_ms REAL,
  fields TEXT NOT NULL CHECK (json_valid(fields)),
  extra TEXT CHECK (extra IS NULL OR json_valid(extra)),
  analyzed_at_ms REAL NOT NULL,
  PRIMARY KEY (audio_hash, analyzer)
) STRICT;
CREATE TRIGGER analysis_reaches_tracks AFTER INSERT ON analyses WHEN NEW.analyzer = 'crate' BEGIN
  UPDATE tracks SET analysis_version = NEW.version WHERE audio_hash = NEW.audio_hash;
END;
CREATE TRIGGER track_finds_analysis AFTER INSERT ON tracks WHEN NEW.audio_hash IS NOT NULL BEGIN
  UPDATE tracks SET analysis_version =
    (SELECT version FROM analyses WHERE audio_hash = NEW.audio_hash AND analyzer = 'crate') WHERE row = NEW.row;
END;
CREATE TRIGGER changed_track_finds_analysis AFTER UPDATE OF audio_hash ON tracks
WHEN OLD.audio_hash IS NOT NEW.audio_hash BEGIN
  UPDATE tracks SET analysis_version =
    (SELECT version FROM analyses WHERE audio_hash = NEW.audio_hash AND analyzer = 'crate') WHERE row = NEW.row;
END;
CREATE TABLE waveforms (
  audio_hash TEXT PRIMARY KEY,
  column_ms REAL NOT NULL,
  low BLOB NOT NULL, mid BLOB NOT NULL, high BLOB NOT NULL
) STRICT;
CREATE TABLE embeddings (
  audio_hash TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  vector BLOB NOT NULL
) STRICT;

-- Derived from all of the above, one narrow row per track: what queries filter and sort by. Text is folded.
-- vector_seq: the place in the order of changes that matter to the vector index; null without a vector, as is the
-- version of the analysis that made the vector: only vectors of one version can be compared.
CREATE TABLE track_index (
  track_row INTEGER PRIMARY KEY REFERENCES tracks (row) ON DELETE CASCADE,
  "any" TEXT NOT NULL, title TEXT NOT NULL, artist TEXT NOT NULL, album TEXT NOT NULL, albumartist TEXT NOT NULL,
  genre TEXT NOT NULL, comment TEXT NOT NULL, label TEXT NOT NULL, remixer TEXT NOT NULL, composer TEXT NOT NULL,
  producer TEXT NOT NULL, "grouping" TEXT NOT NULL, mix TEXT NOT NULL, catalog TEXT NOT NULL, isrc TEXT NOT NULL,
  path TEXT NOT NULL, format TEXT NOT NULL, color TEXT NOT NULL, id TEXT NOT NULL, grid TEXT NOT NULL,
  bpm REAL, "key" INTEGER, energy REAL, rating REAL, plays INTEGER, year REAL, lufs REAL, length REAL, bitrate REAL,
  samplerate REAL, bitdepth INTEGER, channels INTEGER, track REAL, disc REAL, cues INTEGER, added REAL, played REAL,
  released REAL, analyzed INTEGER, variable INTEGER, missing INTEGER,
  vector_seq INTEGER, vector_version INTEGER
) STRICT;
CREATE INDEX track_index_by_added ON track_index (added);
CREATE INDEX track_index_by_vector ON track_index (vector_version, vector_seq) WHERE vector_seq IS NOT NULL;

-- Files that could not be read, so that they are not read again as long as they stay as they are.
CREATE TABLE failures (
  path TEXT PRIMARY KEY,
  size_bytes INTEGER,
  modified_at_ms REAL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  hints TEXT NOT NULL CHECK (json_valid(hints))
) STRICT;
CREATE TRIGGER new_track_mends_failure AFTER INSERT ON tracks BEGIN
  DELETE FROM failures WHERE path = NEW.path;
END;
CREATE TRIGGER changed_track_mends_failure AFTER UPDATE OF path, size_bytes, modified_at_ms, audio_hash ON tracks BEGIN
  DELETE FROM failures WHERE path = NEW.path;
END;
CREATE TRIGGER analysis_mends_failure AFTER INSERT ON analyses WHEN NEW.analyzer = 'crate' BEGIN
  DELETE FROM failures WHERE path IN (SELECT path FROM tracks WHERE audio_hash = NEW.audio_hash);
END;

CREATE TABLE playlists (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  parent_row INTEGER REFERENCES playlists (row) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('folder', 'list', 'smart')),
  name TEXT NOT NULL,
  query TEXT,
  extras TEXT CHECK (extras IS NULL OR json_valid(extras))
) STRICT;
CREATE INDEX playlists_by_parent ON playlists (parent_row, position);
CREATE TABLE playlist_tracks (
  playlist_row INTEGER NOT NULL REFERENCES playlists (row) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  track_row INTEGER NOT NULL REFERENCES tracks (row) ON DELETE CASCADE,
  PRIMARY KEY (playlist_row, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX playlist_tracks_by_track ON playlist_tracks (track_row);

CREATE TABLE plays (
  row INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  session TEXT NOT NULL,
  at_ms REAL NOT NULL,
  track_row INTEGER REFERENCES tracks (row) ON DELETE SET NULL,
  artist TEXT, title TEXT, path TEXT,
  deck INTEGER,
  duration_ms REAL
) STRICT;
CREATE UNIQUE INDEX plays_once ON plays (source, session, at_ms, ifnull(deck, -1), ifnull(title, ''), ifnull(path, ''));
CREATE INDEX plays_by_time ON plays (at_ms);
CREATE INDEX plays_by_track ON plays (track_row);

CREATE TABLE downloads (
  link TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  audio_hash TEXT,
  path TEXT,
  updated_at_ms REAL NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details))
) STRICT;
CREATE INDEX downloads_by_audio ON downloads (audio_hash) WHERE audio_hash IS NOT NULL;
CREATE INDEX downloads_by_state ON downloads (state);

CREATE TABLE imports (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  format TEXT NOT NULL,
  source TEXT NOT NULL,
  at_ms REAL NOT NULL,
  summary TEXT NOT NULL CHECK (json_valid(summary))
) STRICT;
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT;
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;
INSERT INTO counters VALUES ('vector_seq', 0);
`

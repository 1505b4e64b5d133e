"""Prints the tags of a file as mutagen reads them: {key: [hex of value, ...]}, as JSON."""
import base64, hashlib, json, sys
import mutagen
from mutagen.id3 import ID3, Frame
from mutagen.mp4 import MP4FreeForm

out = {}

def put(key, value):
    data = value if isinstance(value, bytes) else str(value).encode('utf-8')
    out.setdefault(key, []).append(data.hex())

audio = mutagen.File(sys.argv[1])
tags = audio.tags
if isinstance(tags, ID3):
    for frame in tags.values():
        name = frame.FrameID
        if name == 'GEOB': put('GEOB:' + frame.desc, bytes(frame.data))
        elif name == 'TXXX': put('TXXX:' + frame.desc, '\0'.join(frame.text))
        elif name in ('COMM', 'USLT'):
            text = '\0'.join(frame.text) if isinstance(frame.text, list) else frame.text
            put(name + (':' + frame.desc if frame.desc else ''), text)
        elif name == 'UFID': put('UFID:' + frame.owner, bytes(frame.data))
        elif name == 'PRIV': put('PRIV:' + frame.owner, bytes(frame.data))
        elif name == 'APIC': put('APIC', bytes(frame.data))
        elif name[0] == 'T': put(name, '\0'.join(str(t) for t in frame.text))
        else: put(name, repr(frame))
elif tags is not None and type(tags).__name__ == 'MP4Tags':
    for key, values in tags.items():
        for value in values if isinstance(values, list) else [values]:
            put(key, bytes(value) if isinstance(value, bytes) else value)
elif tags is not None:
    for key, value in tags:
        put(key.lower(), value)
if hasattr(audio, 'pictures'):
    for picture in audio.pictures: put('picture', bytes(picture.data))
print(json.dumps({'tags': out, 'version': '.'.join(map(str, getattr(tags, 'version', ()))) if tags is not None else None,
                  'length': audio.info.length}))

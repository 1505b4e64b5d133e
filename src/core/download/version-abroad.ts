// The words for versions in scripts other than Latin, where `\b` of a regular expression knows no word ends.
import type {VersionKind} from './version.js'

/** As uploaders of each language write them; hardly any of these is a song's own title. */
export const VERSIONS_ABROAD: readonly (readonly [VersionKind, RegExp])[] = [
  ['cover', /歌ってみた|弾いてみた|叩いてみた|カバー|커버|翻唱|кавер|كوفر|διασκευή|קאבר/iu],
  ['karaoke', /カラオケ|노래방|반주|伴奏|伴唱|караоке|минусовка|\(минус\)|كاريوكي|καραόκε|קריוקי/iu],
  ['live', /ライブ|ライヴ|라이브|现场|現場|концерт|вживую|живой звук|حفلة|συναυλία|הופעה/iu],
  ['instrumental', /инструментал|インスト|纯音乐|純音樂/iu],
  ['remix', /ремикс|リミックス|리믹스|混音|ريمكس/iu],
  ['acoustic', /акустик|アコースティック|어쿠스틱/iu],
  ['loop', /耐久|\d\s?時間|\d\s?시간|\d\s?小时|循环|\d\s?час(?:а|ов)?(?!\p{L})|작업용|ループ/iu],
  ['sped-up', /ускоренн|倍速|加速版/iu],
  ['slowed', /замедленн|降速|慢速/iu],
  ['effect', /オルゴール|오르골|8д|бас ?буст/iu],
  ['talk', /リアクション|리액션|реакци|разбор|на гитаре|урок|解説|踊ってみた|안무/iu],
  ['set', /全曲|メドレー|сборник|полный альбом|합본/iu],
]

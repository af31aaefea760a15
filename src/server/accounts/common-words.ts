/** Words that passwords are made of most often, three letters and more, from common knowledge of leaked lists. */
export const commonWords: ReadonlySet<string> = new Set(
  `password passwort contrasena parola pass word passwd secret admin administrator root user login guest test testing demo
  welcome letmein changeme default master access system server computer internet windows linux google facebook microsoft
  apple samsung iphone android network database manager office company service support security private public please
  hello iloveyou love you forever loveyou lovely sweet sweetheart honey baby babygirl babyboy angel princess prince queen
  king superman batman spiderman superhero hero star starwars pokemon naruto dragon monkey tiger lion bear wolf eagle
  falcon phoenix panda kitty cat dog puppy horse chicken turtle dolphin shark butterfly flower rose sunflower sunshine
  sun moon summer winter spring autumn january february march april may june july august september october november
  december monday tuesday wednesday thursday friday saturday sunday morning night midnight michael jennifer jessica
  jordan michelle daniel andrew joshua matthew anthony charlie thomas robert william george maria jose juan carlos miguel
  ashley amanda nicole samantha elizabeth sarah hannah david james john richard joseph christopher alexander benjamin
  football baseball basketball soccer hockey tennis golf swimming liverpool chelsea arsenal barcelona madrid manchester
  united city london paris berlin madrid newyork america england china beijing shanghai mexico india canada australia
  trustno one two three four five six seven eight nine ten hundred thousand million freedom family friends friend mother
  father mama papa mommy daddy sister brother boy girl man woman school student teacher college university music guitar
  rock metal jazz piano dance happy happiness smile lucky magic power energy solar wind battery grid meter plant park
  green blue red black white yellow purple orange pink silver gold golden diamond crystal cookie chocolate banana apple
  cherry strawberry pepper ginger coffee cheese pizza computer keyboard mouse qwerty qwertz azerty asdf zxcv abc abcd
  abcde aaa iii ilove fuckyou fuck shit bitch sexy hot cool nice good best great super mega ultra extra new old the and
  for this that with from your not are was has can will all our out now how who what when where why yes let mein in
  jesus christ god heaven faith hope grace peace world earth planet ocean river mountain island thunder lightning storm
  fire water ice snow rain ninja samurai warrior soldier hunter killer destroyer champion winner player gamer game games
  minecraft fortnite roblox playstation xbox nintendo mario sonic zelda matrix hacker shadow mustang ferrari porsche
  mercedes toyota honda yamaha harley corvette camaro chelsea rangers yankees cowboys steelers lakers eagles mangrove
  woaini aini wang zhang chen huang liu yang zhao hola amor teamo mivida corazon estrella bonita princesa contra sena
  clave secreto usuario bienvenido`.split(/\s+/),
)

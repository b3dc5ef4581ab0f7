"""Hold the words that say nothing by themselves, in eight languages; a language is guessed by them.

Decision (2026-11-24): a list for each of eight languages, not an English one alone. Inside a
document its own weights do what a list does, but two paragraphs of different documents are compared
with all weights equal, and there articles and prepositions count as much as what is said. Each
document is read with one list, the one that most of its words stand in: `war` is a word of content
in English and none in German. A document with none of these words (Chinese, Finnish, a column of
numbers) is read with no list.

A word is as `text.normalize` gives it, whole between its apostrophes: `don` and `t` of `don't`.
"""

from typing import Final

# The first language wins where two lists hold as many of a document's words.
STOP_WORDS: Final = {
    "en": """
a about above after again against all also although am an and another any are aren as at be because
been before being below between both but by can cannot could couldn did didn do does doesn doing don
down during each either else even ever every few for from further get got had hadn has hasn have
haven having he her here hers herself him himself his how however i if in into is isn it its itself
just like ll let many may me might mine more most much must mustn my myself neither no nor not now
of off often on once one only onto or other our ours ourselves out over own per rather re said same
say says shall she should shouldn since so some still such than that the their theirs them
themselves then there these they this those though through thus to too under until up upon us ve
very was wasn we well were weren what when where whether which while who whom whose why will with
within without won would wouldn yet you your yours yourself yourselves""",
    "de": """
aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bereits
bin bis bist da dabei dafür dagegen daher damit danach dann daran darauf daraus darin darüber darum
das dass davon dazu dein deine dem den denen denn der deren des dessen die dies diese diesem
diesen dieser dieses doch dort du durch eben ein eine einem einen einer eines einige einmal er es
etwa etwas euch euer für gegen hat hatte hatten habe haben hier hin hinter ich ihm ihn ihnen ihr
ihre ihrem ihren ihrer ihres im in indem ist ja jede jedem jeden jeder jedes jedoch jene jener
jetzt kann kein keine keinem keinen keiner können könne könnte könnten man manche mehr mein meine
mich mir mit muss musste müssen nach nicht nichts noch nun nur ob oder ohne sagt sagte schon sehr
sei seien sein seine seinem seinen seiner seit selbst sich sie sind so sogar solche soll sollen
sollte sollten sondern sonst soweit sowie über um und uns unser unsere unter viel viele vom von vor
während war waren warum was weil weiter welche welchem welchen welcher wenn wer werde werden wie
wieder will wir wird wo wobei wollen wollte worden wurde wurden würde würden zu zum zur zwar
zwischen""",
    "fr": """
a à afin ai ainsi alors après au aucun aucune auprès aura aurait aussi autre autres aux avait avant
avec avoir ayant c car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci comme
comment d dans de depuis des dès deux devant dit doit donc dont du elle elles en encore entre est
et étaient était étant été être eu eux fait fut hors il ils j je jusqu l la là laquelle le lequel
les lesquels leur leurs lors lorsque lui m ma mais me même mêmes mes moi moins mon n ne ni non nos
notre nous on ont ou où par parce pas pendant peu peut plus plusieurs pour pourquoi près puis qu
quand que quel quelle quelles quels quelque quelques qui quoi s sa sans se selon sera serait ses si
sien soit son sont sous sur t ta tandis te tel telle tes toi ton toujours tous tout toute toutes
très tu un une vers voici vos votre vous y""",
    "es": """
a acerca ahora al algo algún alguna algunas alguno algunos allí ante antes aquel aquella aquí así
aún aunque bajo bien cada casi como cómo con contra cual cuál cuales cualquier cuando cuándo cuanto
cuya cuyo da de del desde después dicho dice dijo donde dónde dos durante e el él ella ellas ello
ellos en entonces entre era eran es esa esas ese eso esos esta está están estaba estaban estar este
esto estos fue fueron ha había habían haber han hasta hay incluso la las le les lo los luego más me
mediante mi mientras mis mismo misma mucho muy nada ni ningún ninguna no nos nosotros o otra otras
otro otros para pero poco por porque pues que qué quien quién quienes se sea según ser será si sí
sido siempre sin sino sobre son su sus también tan tanto te tener tiene tienen toda todas todavía
todo todos tras tu un una unas uno unos usted vez y ya yo""",
    "it": """
a abbia ad agli ai al alcune alcuni alla alle allo allora altra altre altri altro anche ancora
avendo aver avere aveva avevano c che chi ci ciò cioè coi col come con contro così cui d da dagli
dai dal dalla dalle dallo degli dei del della delle dello dentro di dice disse dopo dove due dunque
durante e è ed era erano essa esse essere essi esso fa fino fra fu furono già gli ha hai hanno ho i
il in infatti io l la le lei li lo loro lui ma mai me mentre mi mia mio molto ne né negli nei nel
nella nelle nello noi nome non nostra nostro o ogni oltre oppure ora per perché però più poco poi
prima proprio qua quale quali quando quanto quella quelle quelli quello questa queste questi questo
qui quindi sarà se secondo sempre senza si sia siamo sono sopra sotto sta stata state stati stato
stesso su sua sue sugli sui sul sulla sulle suo suoi tale tra tutta tutte tutti tutto un una uno
verso vi voi""",
    "pt": """
a à ao aos após aquela aquele aquilo as às assim até cada com como contra da das de dela dele deles
depois desde dessa desse desta deste disse diz do dos durante e é ela elas ele eles em embora
enquanto entre era eram essa essas esse esses esta está estão estava este estes eu foi foram há
isso isto já la lhe lhes lo logo mais mas me mesma mesmo meu minha muito na não nas nem nessa nesse
nesta neste no nos nós nossa nosso num numa o onde os ou outra outras outro outros para pela pelas
pelo pelos pode por porém porque quais qual quando quanto que quem se seja sem sempre ser será seu
seus si sido só sob sobre sua suas também tanto tem têm tendo ter teve tinha toda todas todo todos
tudo um uma umas uns vai você""",
    "nl": """
aan al alle allen alles als altijd ander andere anderen bij binnen boven daar daarbij daardoor
daarin daarna daarom dan dat de deze die dit doen door dus een eens en enige enkele er ergens geen
geweest had hadden heb hebben heeft heel hem hen het hier hij hoe hun iemand iets ik in is ja je
jij jullie kan kon konden kunnen langs maar me meer men met mij mijn moest moet moeten mogen na
naar naast net niet niets nog nu of om omdat onder ondanks ons onze ook op over pas per reeds sinds
steeds te tegen ten ter terwijl toch toen tot tussen u uit uw vaak van vanaf vanuit veel volgens
voor vooral vroeg waar waarbij waarin waarom wanneer want waren was wat we weer wel welke werd
werden wie wij wilde worden wordt zal ze zei zegt zelf zich zij zijn zo zoals zonder zou zouden""",
    "ru": """
а без более больше будет будто бы был была были было быть в вам вас вдруг ведь весь во вот впрочем
все всегда всего всех всю вы где да даже два для до другой его ее её ей если есть еще ещё же за
здесь и из или им иногда их к как какая какой когда конечно которая которого которое которой которые
который которых кто куда ли лишь лучше между меня мне много может можно мой моя мы на над надо
наконец нас не него нее ней нельзя нет ни нибудь никогда ним них ничего но ну о об один он она они
оно от перед по под после потом потому почти при про раз разве с сам свое свои свой свою себе себя
сейчас со совсем так также такая такие такой там тебя тем теперь то тогда того тоже той только том
тот ту ты у уж уже хорошо хоть чего чем через что чтоб чтобы чуть эта эти этим этих это этого этой
этом этот эту я""",  # noqa: RUF001 -- Russian is not Latin
}
LANGUAGES: Final = tuple(STOP_WORDS)

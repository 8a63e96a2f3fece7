const ADJECTIVES =
  'amber able agile alert apt bold brave brisk bright calm candid civil clear clever cosmic crisp curious daring deft eager early even fair fast fine firm fleet fond free fresh frank gentle glad golden good grand hardy honest humble jolly keen kind large light lively lucid lucky lunar merry mighty mild modest neat nimble noble novel patient placid plain polite proud quick quiet rapid ready robust royal rustic sage salty serene sharp silent silver sleek smart snug solar solid spry steady stern still stout strong sunny swift tidy trim true upbeat vast vivid warm wise witty young zesty'.split(
    ' ',
  )
const ANIMALS =
  'albatross auk badger barnacle bass beaver bittern bream carp cod condor coot cormorant crab crane curlew cygnet dab dace dolphin dory duck dunlin eel egret eider falcon finch flounder fox gannet goby goose grebe grouper guillemot gull haddock hake halibut heron herring ibis kestrel kite kittiwake knot krill lamprey ling lobster loon mackerel mallard manatee marlin marten merlin mink minnow moorhen mullet mussel narwhal newt octopus orca osprey otter oyster pelican penguin perch petrel pike pilchard pipit plover porpoise prawn puffin rail ray roach ruff salmon sardine scallop seal shad shark shrimp skate skua smelt snipe sole sprat squid starfish stork sturgeon swan swift tarpon teal tern tetra trout tuna turbot turtle urchin walrus whale whelk whiting wigeon wrasse'.split(
    ' ',
  )

/** A readable name like `brisk-heron-4711`: 1.3e8 of them, so that two runs of a deployment rarely share one. Names are for people; ids identify. */
export const runName = (random: () => number): string => {
  const pick = (words: string[]): string => words[Math.floor(random() * words.length)] ?? 'run'
  return `${pick(ADJECTIVES)}-${pick(ANIMALS)}-${Math.floor(random() * 10_000)}`
}

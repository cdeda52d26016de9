package network.tachi.testkit.chain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;

/**
 * A tree of valid blocks that are made from a seed: blooms, roots, links and hashes are true, so
 * that whoever verifies finds nothing wrong. It keeps headers only (some hundred bytes a block) and
 * makes bodies again when they are asked for, so chains of 100,000s of blocks fit in memory.
 *
 * <p>A {@link Tip} is one block and all below it; the chain itself has no head. For use by many
 * threads.
 */
public final class GeneratedChain {
  private static final long SALT_PURPOSE = 0x73616c74;

  private final ChainSpec spec;
  private final HeaderForm form;
  private final Tip genesis;
  private final List<Tip> blocks = new ArrayList<>();
  private final Map<Hash, Tip> byHash = new HashMap<>();
  private final TransactionIndex transactions = new TransactionIndex();
  private int branches;

  private GeneratedChain(ChainSpec spec) {
    this.spec = spec;
    this.form = new HeaderForm(spec);
    Branch first = new Branch(branches++, null, 0);
    first.add(seal(0, Hash.ZERO, 0, mix(spec.seed(), SALT_PURPOSE), new BlockBody(List.of())));
    this.genesis = new Tip(first, 0);
    enter(genesis, new BlockBody(List.of()));
  }

  /** A chain with a genesis block, in which nothing happens. */
  public static GeneratedChain create(ChainSpec spec) {
    return new GeneratedChain(spec);
  }

  /** What it is made from. */
  public ChainSpec spec() {
    return spec;
  }

  /** Block 0. */
  public Tip genesis() {
    return genesis;
  }

  /** Makes so many blocks upon another one; returns the last. */
  public synchronized Tip extend(Tip tip, long count) {
    Branch branch = branchOn(tip);
    Tip last = tip;
    for (long i = 0; i < count; i++) {
      last = append(branch, last, contentSeed(branch, last.number() + 1));
    }
    return last;
  }

  /**
   * Makes a fork: leaves out the newest blocks below a tip and puts others in their place.
   *
   * @param tip the block whose chain forks
   * @param depth how many blocks to leave out
   * @param count how many blocks to make; fewer than left out make a lower head
   * @param replacement what they hold; blocks above the old tip hold other transactions
   * @return the last of the new blocks
   */
  public synchronized Tip fork(Tip tip, long depth, long count, Replacement replacement) {
    Tip base = tip.at(tip.number() - depth);
    Branch branch = new Branch(branches++, base.branch(), base.number() + 1);
    Tip last = base;
    for (long i = 0; i < count; i++) {
      long number = base.number() + 1 + i;
      long seed =
          switch (replacement) {
            case OTHER -> contentSeed(branch, number);
            case NOTHING -> 0;
            case SAME ->
                number > tip.number()
                    ? contentSeed(branch, number)
                    : tip.block(number).contentSeed();
            case LATER -> laterSeed(branch, tip, base, number);
          };
      last = append(branch, last, seed);
    }
    return last;
  }

  private long laterSeed(Branch branch, Tip tip, Tip base, long number) {
    if (number == base.number() + 1) {
      return 0;
    }
    return number > tip.number() + 1
        ? contentSeed(branch, number)
        : tip.block(number - 1).contentSeed();
  }

  /** The block of a hash, whichever fork it is on. */
  public synchronized Optional<Tip> block(Hash hash) {
    return Optional.ofNullable(byHash.get(hash));
  }

  /** How many blocks there are on all forks. */
  public synchronized int size() {
    return blocks.size();
  }

  /** The logs of a block, in order. */
  public List<PlannedLog> logs(Tip tip) {
    return body(tip).transactions().stream().flatMap(each -> each.logs().stream()).toList();
  }

  /** What happens in a block. */
  BlockBody body(Tip tip) {
    ChainBlock block = tip.block();
    return block.number() == 0 ? new BlockBody(List.of()) : body(tip, block);
  }

  private BlockBody body(Tip below, ChainBlock block) {
    return BlockBody.of(
        spec,
        place(below, block.number(), block.contentSeed()),
        block.contentSeed() != 0,
        block.salt());
  }

  private BlockPlace place(Tip below, long number, long contentSeed) {
    return new BlockPlace(
        spec.chain(),
        number,
        timestamp(number),
        contentSeed,
        earlier -> {
          long seed = below.block(earlier).contentSeed();
          return seed == 0 ? Optional.empty() : Optional.of(place(below, earlier, seed));
        });
  }

  /** The fields of a block's header. */
  HeaderFields header(ChainBlock block) {
    return form.fields(block);
  }

  /** The blocks that may hold a transaction. */
  synchronized List<Tip> blocksOf(Hash transaction) {
    return transactions.find(transaction).mapToObj(blocks::get).toList();
  }

  private Branch branchOn(Tip tip) {
    return tip.branch().last() == tip.number()
        ? tip.branch()
        : new Branch(branches++, tip.branch(), tip.number() + 1);
  }

  private Tip append(Branch branch, Tip parent, long contentSeed) {
    long number = parent.number() + 1;
    long salt = mix(mix(spec.seed() ^ SALT_PURPOSE, branch.id()), number);
    BlockBody body = BlockBody.of(spec, place(parent, number, contentSeed), contentSeed != 0, salt);
    branch.add(seal(number, parent.hash(), contentSeed, salt, body));
    Tip tip = new Tip(branch, number);
    enter(tip, body);
    return tip;
  }

  private void enter(Tip tip, BlockBody body) {
    body.transactions().forEach(each -> transactions.add(each.hash(), blocks.size()));
    blocks.add(tip);
    byHash.put(tip.hash(), tip);
  }

  private ChainBlock seal(long number, Hash parent, long contentSeed, long salt, BlockBody body) {
    ChainBlock unsealed =
        new ChainBlock(
            number,
            Hash.ZERO,
            parent,
            timestamp(number),
            RandomValues.hash(new SplittableRandom(salt)),
            body.transactionsRoot(),
            body.receiptsRoot(spec.shape()),
            body.logsBloom(),
            body.gasUsed(),
            0,
            body.transactionHashes(),
            contentSeed,
            salt);
    byte[] header = form.fields(unsealed).rlp(spec.shape().headerFields());
    int size =
        header.length
            + body.transactions().stream().mapToInt(each -> each.signed().raw().size() + 3).sum();
    return new ChainBlock(
        number,
        Keccak.hash(header),
        parent,
        unsealed.timestamp(),
        unsealed.stateRoot(),
        unsealed.transactionsRoot(),
        unsealed.receiptsRoot(),
        unsealed.logsBloom(),
        unsealed.gasUsed(),
        size,
        unsealed.transactionHashes(),
        contentSeed,
        salt);
  }

  /** When a block is made, in seconds since 1970; the same on every fork. */
  private long timestamp(long number) {
    return millis(number) / 1000;
  }

  /** When a block is made, in milliseconds since 1970. */
  long millis(long number) {
    return spec.genesisTime() * 1000 + number * spec.blockMillis();
  }

  private long contentSeed(Branch branch, long number) {
    long seed = mix(mix(spec.seed(), branch.id()), number);
    return seed == 0 ? 1 : seed;
  }

  private static long mix(long seed, long value) {
    return new SplittableRandom(seed * 31 + value).nextLong();
  }
}

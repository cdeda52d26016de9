package network.tachi.indexer;

import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.NewHead;
import network.tachi.evm.rpc.RpcException;
import network.tachi.indexer.SecondaryIndexes.IndexBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Brings the store to the chain's head, one look at a time.
 *
 * <p>Each look asks for the head and compares it with the tip of the window of blocks that are not
 * final yet. The head is the tip, follows it, is far above it, or stands on another branch; for the
 * last, the highest block that both branches share is searched by hashes, down to the finalized
 * block and never below. What is unwound and what replaces it are one transaction. Whatever fails
 * leaves the store as it was, and the next look begins with what the store says.
 *
 * <p>Confined to one thread.
 */
final class ChainFollower {
  private static final System.Logger LOG = System.getLogger(ChainFollower.class.getName());

  /** Commits in one look while catching up; then the head is looked at again. */
  private static final int COMMITS_PER_LOOK = 20;

  private static final int EVENTS_PER_COMMIT = 20_000;

  private final ChainId chain;
  private final long startBlock;
  private final ChainReader reader;
  private final HeadReader heads;
  private final BlockVerifier verifier;
  private final ChainStore store;
  private final SecondaryIndexes indexes;
  private final AncestorSearch ancestors;
  private final WarmBlocks warm;
  private final IndexerSettings settings;
  private final IndexerMetrics metrics;
  private final InstantSource clock;
  private final CatchUpProgress catchUp;

  private @Nullable IndexedState state;
  private int chunk;
  private @Nullable Instant shorterSince;

  ChainFollower(
      IndexedChain indexed,
      ChainReader reader,
      HeadReader heads,
      BlockVerifier verifier,
      ChainStore store,
      SecondaryIndexes indexes,
      IndexerSettings settings,
      IndexerMetrics metrics,
      InstantSource clock) {
    this.chain = indexed.id();
    this.startBlock = indexed.startBlock();
    this.reader = reader;
    this.heads = heads;
    this.verifier = verifier;
    this.store = store;
    this.indexes = indexes;
    this.ancestors = new AncestorSearch(chain, reader);
    this.warm = new WarmBlocks(reader, verifier);
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
    this.catchUp = new CatchUpProgress(indexed.name(), clock);
    this.chunk = settings.chunkBlocks();
  }

  /** Where a look ended. */
  enum Outcome {
    /** The store is at the head that was seen. */
    AT_HEAD,
    /** The store is still below the head that was seen. */
    BEHIND,
    /** The store is at the head, but another chain's first sync has yet to build indexes. */
    WITHOUT_INDEXES,
    /** The chain has not reached the first block to index. */
    BEFORE_START,
    /** The head is below the tip, and that has not lasted long enough to be believed. */
    HEAD_WENT_BACK
  }

  /** Forgets what was loaded, so that the next look begins with what the store says. */
  void reload() {
    state = null;
    shorterSince = null;
    heads.forget();
    indexes.reload();
  }

  /** How far the way to the head is; empty if the store is at the head or near it. */
  Optional<Progress> progress() {
    return catchUp.progress();
  }

  /** The highest indexed block as of the last look, or -1. */
  long indexedNumber() {
    return state == null ? -1 : state.tipNumber();
  }

  /** The finalized block as of the last look, or -1. */
  long finalizedNumber() {
    return state == null ? -1 : state.finality().finalized().number();
  }

  /**
   * Looks at the head once and brings the store up to it, or nearer to it.
   *
   * @throws RpcException if a node gave no answer
   * @throws RejectedAnswerException if an answer is not proven
   * @throws IndexerHaltedException if the indexer must not go on by itself
   */
  Outcome look() {
    return look(Optional.empty());
  }

  /**
   * Looks at the head that was announced, or else at the one there is.
   *
   * @see #look()
   */
  Outcome look(Optional<HeadBell.Ring> announced) {
    Instant seen = announced.map(HeadBell.Ring::at).orElseGet(clock::instant);
    IndexedState before = state();
    Optional<NewHead> head = announced.map(HeadBell.Ring::head);
    if (!heads.isSettledDue() && head.filter(each -> isHeld(before, each)).isPresent()) {
      return Outcome.AT_HEAD;
    }
    if (indexes.builder() == IndexBuilder.THIS) {
      heads.forget();
    }
    Tips tips = heads.tips(head);
    metrics.head(tips.latest().number());
    before.requireFinalizedHeld(tips);
    catchUp.looked(Math.max(before.tipNumber(), startBlock - 1), tips.latest().number());
    prepareIndexes(before, tips);
    Outcome outcome =
        before.window().isEmpty() ? advance(tips, OptionalLong.empty(), startBlock) : follow(tips);
    if (outcome == Outcome.AT_HEAD && !state().stored().equals(before.stored())) {
      metrics.headCommitted(Duration.between(seen, clock.instant()));
    }
    return outcome == Outcome.AT_HEAD && indexes.builder() != IndexBuilder.NOBODY
        ? Outcome.WITHOUT_INDEXES
        : outcome;
  }

  /**
   * Drops the secondary indexes before the first sync of a long chain, and builds them when it is
   * near the last final block: nothing is ever unwound without them.
   */
  private void prepareIndexes(IndexedState before, Tips tips) {
    long finalized = tips.finalized().map(CheckedHeader::number).orElse(-1L);
    long left = finalized - Math.max(before.tipNumber(), startBlock - 1);
    if (before.stored().isEmpty() && left >= settings.bulkBlocks()) {
      indexes.defer();
    }
    if (indexes.builder() == IndexBuilder.THIS && left < settings.commitBlocks()) {
      // So too if no block is known to be final any more, because the endpoints do not agree.
      indexes.build();
    }
  }

  /**
   * Looks at the head and the store without writing: the state stays that of the store, and the
   * newest blocks are verified ahead of the moment when this process may write them.
   *
   * @throws RpcException if a node gave no answer
   * @throws RejectedAnswerException if an answer is not proven
   * @throws IndexerHaltedException if the indexer would not go on by itself
   */
  void watch() {
    IndexedState stored = state();
    Tips tips = heads.tips(Optional.empty());
    metrics.head(tips.latest().number());
    stored.requireFinalizedHeld(tips);
    warm.follow(tips.latest(), Math.max(startBlock, stored.tipNumber() + 1));
    refresh();
    metrics.standing(tips.latest().number() - indexedNumber(), warm.size());
  }

  /** Takes over what another process has committed since. */
  void refresh() {
    if (state != null) {
      state = store.loadAfter(state).orElse(null);
    }
  }

  private static boolean isHeld(IndexedState state, NewHead head) {
    return state.window().holds(head.number(), head.hash());
  }

  private IndexedState state() {
    if (state == null) {
      state = IndexedState.of(chain, genesis(), store.load());
    }
    return state;
  }

  private BlockPoint genesis() {
    return reader
        .header(0)
        .map(CheckedHeader::point)
        .orElseThrow(() -> new RejectedAnswerException(Rejection.BLOCK_MISSING, 0, "no genesis"));
  }

  /** A branch that shares no block that is held must at least be of the same chain. */
  private void requireSameGenesis(IndexedState current) {
    Hash found = genesis().hash();
    if (!found.equals(current.genesis())) {
      throw new GenesisMismatchException(chain, current.genesis(), found);
    }
  }

  private Outcome follow(Tips tips) {
    IndexedState current = state();
    Step step = current.window().classify(tips.latest().point());
    if (!(step instanceof Step.Fork fork && fork.onBranch())) {
      shorterSince = null;
    }
    return switch (step) {
      case Step.Same() -> {
        if (!current.finality().advance(current.window(), tips).equals(current.finality())) {
          commit(tips, OptionalLong.empty(), List.of());
        }
        yield Outcome.AT_HEAD;
      }
      case Step.Next _ -> {
        List<VerifiedBlock> ready = warm.range(tips.latest().number(), tips.latest().point());
        commit(tips, OptionalLong.empty(), ready.isEmpty() ? verified(tips) : ready);
        yield Outcome.AT_HEAD;
      }
      case Step.Gap(long from, BlockPoint _) -> advance(tips, OptionalLong.empty(), from);
      case Step.Fork(BlockPoint head, boolean onBranch) ->
          onBranch ? shorten(tips, head) : fork(tips);
    };
  }

  private List<VerifiedBlock> verified(Tips tips) {
    return tips.receipts()
        .map(receipts -> List.of(verifier.verify(tips.latest(), receipts)))
        .orElseGet(() -> verifier.verify(List.of(tips.latest())));
  }

  /** The chain ends at a block we hold: unwinds what is above once that has lasted. */
  private Outcome shorten(Tips tips, BlockPoint head) {
    Instant now = clock.instant();
    if (shorterSince == null) {
      shorterSince = now;
    }
    if (Duration.between(shorterSince, now).compareTo(settings.headConfirmation()) < 0) {
      return Outcome.HEAD_WENT_BACK;
    }
    shorterSince = null;
    commit(tips, OptionalLong.of(head.number()), List.of());
    return Outcome.AT_HEAD;
  }

  private Outcome fork(Tips tips) {
    IndexedState current = state();
    long head = tips.latest().number();
    OptionalLong shared = ancestors.find(current.window(), current.finality(), head);
    if (shared.isEmpty()) {
      requireSameGenesis(current);
    }
    long ancestor = shared.orElse(startBlock - 1);
    if (ancestor < current.tipNumber()) {
      return advance(tips, OptionalLong.of(ancestor), ancestor + 1);
    }
    if (head <= ancestor) {
      throw new RejectedAnswerException(
          Rejection.OTHER_BLOCK, head, "the head is not the node's block of that height");
    }
    return advance(tips, OptionalLong.empty(), ancestor + 1);
  }

  /**
   * Fetches the blocks from a height towards the head and commits them, the first of them together
   * with what they replace.
   *
   * @param unwindAbove the height above which the store's blocks are replaced, if any are
   */
  private Outcome advance(Tips tips, OptionalLong unwindAbove, long from) {
    long head = tips.latest().number();
    if (head < from) {
      if (unwindAbove.isEmpty()) {
        return Outcome.BEFORE_START;
      }
      commit(tips, unwindAbove, List.of());
      return Outcome.AT_HEAD;
    }
    long last =
        indexes.builder() == IndexBuilder.THIS ? tips.finalized().orElseThrow().number() : head;
    long to = Math.min(last, from + (long) COMMITS_PER_LOOK * settings.commitBlocks() - 1);
    Hash parent = state().window().at(from - 1).map(BlockPoint::hash).orElse(null);
    Batch batch = new Batch(tips, unwindAbove, parent);
    List<VerifiedBlock> ready = warm.range(from, tips.latest().point());
    warm.clear();
    if (!ready.isEmpty() && batch.follows(ready)) {
      batch.add(ready);
      batch.commit();
      return Outcome.AT_HEAD;
    }
    try (BlockFetcher fetcher =
        new BlockFetcher(
            reader,
            verifier,
            from,
            to,
            chunk,
            settings.parallelFetches(),
            settings.fetchAheadBytes())) {
      while (fetcher.hasNext()) {
        List<VerifiedBlock> blocks = fetcher.next();
        if (batch.follows(blocks)) {
          batch.add(blocks);
        } else if (unwindAbove.isEmpty() && blocks.getFirst().point().number() == from) {
          return fork(tips);
        } else {
          throw batch.unlinked(blocks.getFirst().point());
        }
      }
    } catch (RpcException | RejectedAnswerException e) {
      chunk = Math.max(1, chunk / 2);
      batch.keepWhatIsWhole();
      throw e;
    }
    batch.commit();
    chunk = Math.min(settings.chunkBlocks(), chunk * 2);
    return state().window().holds(head, tips.latest().header().hash())
        ? Outcome.AT_HEAD
        : Outcome.BEHIND;
  }

  /** Linked blocks that wait to be committed together. */
  private final class Batch {
    private final Tips tips;
    private final List<VerifiedBlock> blocks = new ArrayList<>();
    private OptionalLong unwindAbove;
    private @Nullable Hash parent;
    private long events;

    Batch(Tips tips, OptionalLong unwindAbove, @Nullable Hash parent) {
      this.tips = tips;
      this.unwindAbove = unwindAbove;
      this.parent = parent;
    }

    boolean follows(List<VerifiedBlock> more) {
      return parent == null || more.getFirst().point().parentHash().equals(parent);
    }

    RejectedAnswerException unlinked(BlockPoint block) {
      return new RejectedAnswerException(
          Rejection.PARENT_LINK, block.number(), "its parent is not " + parent);
    }

    void add(List<VerifiedBlock> more) {
      blocks.addAll(more);
      parent = more.getLast().point().hash();
      for (VerifiedBlock block : more) {
        events += block.events().size();
      }
      boolean full = blocks.size() >= settings.commitBlocks() || events >= EVENTS_PER_COMMIT;
      if (full && replacesWholeBranch()) {
        commit();
      }
    }

    /** Whether readers would not see the head go back. */
    private boolean replacesWholeBranch() {
      return unwindAbove.isEmpty() || blocks.getLast().point().number() >= state().tipNumber();
    }

    void commit() {
      if (!blocks.isEmpty() || unwindAbove.isPresent()) {
        ChainFollower.this.commit(tips, unwindAbove, List.copyOf(blocks));
        unwindAbove = OptionalLong.empty();
        blocks.clear();
        events = 0;
      }
    }

    /**
     * After a failure: commits what is there, unless it would unwind without the whole replacement.
     */
    void keepWhatIsWhole() {
      if (unwindAbove.isEmpty()) {
        commit();
      }
    }
  }

  private void commit(Tips tips, OptionalLong unwindAbove, List<VerifiedBlock> blocks) {
    IndexedState before = state();
    Change change = before.change(tips, unwindAbove, blocks);
    try {
      store.commit(change);
    } catch (RuntimeException e) {
      reload();
      throw e;
    }
    state = before.after(change);
    catchUp.committed(
        change.after().number(), blocks.stream().mapToLong(block -> block.events().size()).sum());
    if (change.depth() > 0) {
      LOG.log(
          WARNING,
          "chain {0}: reorg of depth {1}, the blocks above {2} are replaced by {3} up to {4}",
          chain,
          change.depth(),
          unwindAbove.orElseThrow(),
          blocks.size(),
          change.after());
    }
  }
}

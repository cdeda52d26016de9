package network.tachi.indexer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import network.tachi.evm.rpc.Attempt;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.NewHead;
import network.tachi.evm.rpc.Receipt;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcReply;
import org.jspecify.annotations.Nullable;

/**
 * Reads the end of the chain in one request: the head, or the block that was announced as head; its
 * receipts, if the announcement's bloom says that it may have events; and from time to time the
 * safe and the finalized block. Confined to one thread.
 */
final class HeadReader {
  private static final String METHOD = "eth_getBlockByNumber";
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int TRIES = 4;
  private static final long FIRST_PAUSE = Duration.ofMillis(5).toNanos();

  private final JsonRpc rpc;
  private final ChainReader reader;
  private final FollowedContracts contracts;
  private final EvidenceReader evidence;
  private final AgreedFinality finality;
  private final AtomicLong finalizedNumber;
  private final HeadWatch watch;
  private final Duration settledInterval;
  private final InstantSource clock;
  private @Nullable Instant settledAt;

  /**
   * A reader.
   *
   * @param finalizedNumber gets the height up to which nothing can be undone
   * @param settledInterval the time between two questions for the settled blocks
   */
  HeadReader(
      JsonRpc rpc,
      ChainReader reader,
      FollowedContracts contracts,
      EvidenceReader evidence,
      AgreedFinality finality,
      AtomicLong finalizedNumber,
      HeadWatch watch,
      Duration settledInterval,
      InstantSource clock) {
    this.rpc = rpc;
    this.reader = reader;
    this.contracts = contracts;
    this.evidence = evidence;
    this.finality = finality;
    this.finalizedNumber = finalizedNumber;
    this.watch = watch;
    this.settledInterval = settledInterval;
    this.clock = clock;
  }

  /** What to read: which head, whether the settled blocks too, and how high it must be. */
  private record Question(Optional<NewHead> announced, boolean settled, long atLeast) {
    Question unannounced() {
      return new Question(Optional.empty(), settled, atLeast);
    }
  }

  /**
   * What one node said.
   *
   * @param node its name
   * @param tips what it said
   */
  record Seen(String node, Tips tips) {}

  /**
   * Reads it. Where there are several nodes, a block is finalized only if two of them say so.
   *
   * @param announced the head that was announced, if one was
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if an answer is false
   */
  Tips tips(Optional<NewHead> announced) {
    boolean settled = isSettledDue();
    Question question = new Question(announced, settled, watch.atLeast());
    Seen seen = announced.isPresent() ? announced(question) : once(question);
    watch.seen(seen.tips().latest());
    if (!settled) {
      return seen.tips();
    }
    settledAt = clock.instant();
    Tips tips = seen.tips().withFinalized(finality.agreed(seen));
    tips.finalized().ifPresent(tag -> finalizedNumber.set(tag.number()));
    return tips;
  }

  /** Whether it is time to ask again which blocks are settled; they move in steps. */
  boolean isSettledDue() {
    return settledAt == null
        || Duration.between(settledAt, clock.instant()).compareTo(settledInterval) >= 0;
  }

  /** Asks at the next look which blocks are settled. */
  void forget() {
    settledAt = null;
  }

  /** A node may announce a block a moment before it gives it out; after that, its head will do. */
  private Seen announced(Question question) {
    long pause = FIRST_PAUSE;
    for (int i = 1; i < TRIES; i++) {
      try {
        return once(question);
      } catch (RejectedAnswerException e) {
        if (e.rejection() != Rejection.NOT_YET_THERE) {
          throw e;
        }
      }
      LockSupport.parkNanos(pause);
      pause *= 2;
    }
    return once(question.unannounced());
  }

  private Seen once(Question question) {
    boolean withReceipts =
        evidence.hasWholeBlocks()
            && question
                .announced()
                .map(NewHead::logsBloom)
                .filter(contracts::mayHaveEvents)
                .isPresent();
    List<RpcCall<Object>> calls = new ArrayList<>();
    BlockRef head =
        question
            .announced()
            .<BlockRef>map(each -> BlockRef.hash(each.hash()))
            .orElse(BlockTag.LATEST);
    calls.add(EthCalls.block(head).map(found -> found));
    if (question.settled()) {
      calls.add(EthCalls.block(BlockTag.SAFE).map(found -> found));
      calls.add(EthCalls.block(BlockTag.FINALIZED).map(found -> found));
    }
    if (withReceipts) {
      calls.add(EthCalls.blockReceipts(head).map(found -> found));
    }
    return rpc.attempt(
        new Attempt<>(
            METHOD,
            PATIENCE,
            node -> new Seen(node.endpoint(), read(node, calls, question, withReceipts)),
            RejectedAnswerException::blame));
  }

  private Tips read(
      JsonRpc node, List<RpcCall<Object>> calls, Question question, boolean withReceipts) {
    List<RpcReply<Object>> replies = node.callAll(calls);
    CheckedHeader latest =
        header(replies.getFirst().orThrow())
            .map(reader::check)
            .orElseThrow(() -> noHead(question.announced()));
    if (question
        .announced()
        .filter(each -> !each.hash().equals(latest.header().hash()))
        .isPresent()) {
      throw new RejectedAnswerException(
          Rejection.OTHER_BLOCK, latest.number(), "it is not the block that was asked for");
    }
    if (latest.number() < question.atLeast()) {
      throw new RejectedAnswerException(
          Rejection.HEAD_BEHIND, latest.number(), "another node is at " + question.atLeast());
    }
    Tips tips =
        question.settled()
            ? new Tips(latest, tagged(replies.get(1)), tagged(replies.get(2)))
            : new Tips(latest, Optional.empty(), Optional.empty());
    return withReceipts ? tips.withReceipts(receipts(latest, replies.getLast())) : tips;
  }

  private static RejectedAnswerException noHead(Optional<NewHead> announced) {
    return announced
        .map(head ->
            new RejectedAnswerException(
                Rejection.NOT_YET_THERE, head.number(), "it was announced, and is not there yet"))
        .orElseGet(
            () -> new RejectedAnswerException(Rejection.BLOCK_MISSING, 0, "no latest block"));
  }

  /** Receipts that are not there yet, or refused, are read later as those of any block. */
  private static Optional<List<Receipt>> receipts(CheckedHeader header, RpcReply<Object> reply) {
    if (reply instanceof RpcReply.Ok<Object>(Optional<?> found)
        && found.orElse(null) instanceof List<?> list) {
      List<Receipt> receipts = list.stream().map(Receipt.class::cast).toList();
      ReceiptsProof.check(header.header(), receipts);
      return Optional.of(receipts);
    }
    return Optional.empty();
  }

  private Optional<CheckedHeader> tagged(RpcReply<Object> reply) {
    return switch (reply) {
      case RpcReply.Ok<Object>(Object found) -> reader.tagged(header(found));
      case RpcReply.Failed<Object>(RpcException.ErrorReply _) -> Optional.empty();
      case RpcReply.Failed<Object>(RpcException error) -> throw error;
    };
  }

  private static Optional<BlockHeader> header(Object found) {
    return found instanceof Optional<?> optional
        ? optional.map(BlockHeader.class::cast)
        : Optional.empty();
  }
}

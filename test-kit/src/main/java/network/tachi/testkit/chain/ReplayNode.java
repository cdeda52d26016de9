package network.tachi.testkit.chain;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a node says about a generated chain: it shows one head at a time, knows which block is safe
 * and which is finalized, and answers JSON-RPC requests, falsely where a test wants it. Without a
 * network; {@link ReplayServer} puts it on one. For use by many threads.
 */
public final class ReplayNode {
  private static final int MAX_RETIRED = 64;
  private static final int MAX_ANNOUNCED = 100_000;

  /**
   * A block that was shown as head.
   *
   * @param number its number
   * @param epochMicros when it was shown, in microseconds since 1970
   */
  public record Announcement(long number, long epochMicros) {}

  /**
   * How far the settled blocks are behind the head; they move in steps of so many blocks, as Base's
   * batches do.
   */
  private record Lags(long safe, long finalized, long step) {
    long below(long head, long lag) {
      return Math.max(0, Math.floorDiv(head - lag, step) * step);
    }
  }

  /** The head and the settled blocks at one moment. */
  record View(Tip head, long safe, long finalized) {}

  private final GeneratedChain chain;
  private final RpcMethods methods;
  private final List<Consumer<Tip>> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();
  private final LongAdder requests = new LongAdder();
  private final Map<Address, Bytes> callResults = new ConcurrentHashMap<>();
  private final Deque<Tip> retired = new ArrayDeque<>();
  private final Deque<Announcement> announced = new ArrayDeque<>();
  private Lags lags = new Lags(32, 64, 1);
  private volatile View view;
  private volatile Faults faults = Faults.NONE;

  /** A node that shows a block of a chain as head. Safe is 32, finalized 64 blocks below. */
  public ReplayNode(GeneratedChain chain, Tip head) {
    this.chain = chain;
    this.view = new View(head, 0, 0);
    this.methods = new RpcMethods(this);
    show(head);
  }

  /** The chain. */
  public GeneratedChain chain() {
    return chain;
  }

  /** The head it shows. */
  public Tip head() {
    return view.head();
  }

  /** The safe block. */
  public Tip safe() {
    View now = view;
    return now.head().at(now.safe());
  }

  /** The finalized block. */
  public Tip finalized() {
    View now = view;
    return now.head().at(now.finalized());
  }

  View view() {
    return view;
  }

  /**
   * Sets how far safe and finalized are behind the head, from the next head on.
   *
   * @param step they move by so many blocks at once
   */
  public synchronized void finality(long safeLag, long finalizedLag, long step) {
    lags = new Lags(safeLag, finalizedLag, step);
    show(head());
  }

  /**
   * Says that a block is finalized, below or above what it was before. Later heads may raise it.
   */
  public synchronized void finalize(long number) {
    View now = view;
    view = new View(now.head(), Math.max(now.safe(), number), number);
  }

  /**
   * Shows another head, on whatever fork, and announces it. Safe and finalized never go down by
   * that, unless the head is below them.
   */
  public synchronized void show(Tip head) {
    View now = view;
    if (!head.contains(now.head().block())) {
      retired.addFirst(now.head());
      if (retired.size() > MAX_RETIRED) {
        retired.removeLast();
      }
    }
    long safe = Math.max(now.safe(), lags.below(head.number(), lags.safe()));
    long finalized = Math.max(now.finalized(), lags.below(head.number(), lags.finalized()));
    if (announced.size() == MAX_ANNOUNCED) {
      announced.removeFirst();
    }
    announced.addLast(new Announcement(head.number(), Micros.now()));
    view = new View(head, Math.min(safe, head.number()), Math.min(finalized, head.number()));
    listeners.forEach(listener -> listener.accept(head));
  }

  /** Makes blocks on the head and shows each; returns the last. */
  public synchronized Tip mine(int blocks) {
    for (int i = 0; i < blocks; i++) {
      show(chain.extend(head(), 1));
    }
    return head();
  }

  /**
   * Leaves out the newest blocks, puts others in their place, and shows the last of these.
   *
   * @see GeneratedChain#fork
   */
  public synchronized Tip reorg(long depth, long blocks, Replacement replacement) {
    show(chain.fork(head(), depth, blocks, replacement));
    return head();
  }

  /** Whether this node has ever shown a block or one above it. */
  synchronized boolean knows(ChainBlock block) {
    return head().contains(block) || retired.stream().anyMatch(old -> old.contains(block));
  }

  /** The heads that were shown so far, the oldest first; only the newest 100,000. */
  public synchronized List<Announcement> announcements() {
    return List.copyOf(announced);
  }

  /** Runs at each new head, before the node's next answer can say it. */
  public void onHead(Consumer<Tip> listener) {
    listeners.add(listener);
  }

  /** No longer runs at new heads. */
  void forget(Consumer<Tip> listener) {
    listeners.remove(listener);
  }

  /** Sets what goes wrong from now on. */
  public void faults(Faults next) {
    faults = next;
  }

  Faults faults() {
    return faults;
  }

  /** Sets what {@code eth_call} of a contract returns, whatever the call. */
  public void callResult(Address contract, Bytes result) {
    callResults.put(contract, result);
  }

  @Nullable Bytes callResult(Address contract) {
    return callResults.get(contract);
  }

  /** How often each method was called. */
  public Map<String, Long> calls() {
    Map<String, Long> counts = new TreeMap<>();
    calls.forEach((method, count) -> counts.put(method, count.sum()));
    return counts;
  }

  /** How many requests there were; a batch is one. */
  public long requests() {
    return requests.sum();
  }

  void countRequest(Stream<String> methodsCalled) {
    requests.increment();
    methodsCalled.forEach(
        method -> calls.computeIfAbsent(method, _ -> new LongAdder()).increment());
  }

  /** The answer to a request, a single call or a batch, and what goes wrong with it. */
  Answer answer(byte[] request) {
    return methods.answer(request);
  }

  /** The right answer to a request, or the one that its calls' faults make of it. */
  public byte[] respond(byte[] request) {
    return answer(request).body().orElseGet(() -> new byte[0]);
  }

  /**
   * An answer on its way out.
   *
   * @param body what is to be sent; empty if there is nothing to send
   * @param fault what goes wrong on the way
   */
  record Answer(Optional<byte[]> body, AnswerFault fault) {}
}

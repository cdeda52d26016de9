package network.tachi.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.evm.rpc.RpcException;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.FakeJsonRpcNode;
import network.tachi.testkit.FakeJsonRpcNode.Answer;
import network.tachi.testkit.FakeJsonRpcNode.Call;
import network.tachi.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that answers as a real anvil does, but for the faults of each test. */
class FaultyNodeTest {
  private static TestDatabase database;

  private final Anvil anvil = Anvil.start(AnvilOptions.BASE.withSlotsInEpoch(1));
  private final FakeJsonRpcNode node = FakeJsonRpcNode.start(this::forward);
  private final JsonRpcClient client = new JsonRpcClient(node.uri(), JsonRpcOptions.DEFAULTS);
  private final Rig rig;

  FaultyNodeTest() {
    rig = new Rig(anvil, database);
  }

  @BeforeAll
  static void create() {
    database = TestDatabase.create();
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  @BeforeEach
  void reset() {
    database.reset();
  }

  @AfterEach
  void close() {
    client.close();
    node.close();
    anvil.close();
  }

  @Test
  void chainWithoutFinality_shouldKeepRowsMined() throws Exception {
    fault(call ->
        call.params().contains("safe") || call.params().contains("finalized")
            ? Optional.of(new Answer.Failure(-39001, "unknown block"))
            : Optional.empty());
    try (TxSender sender = sender()) {
      rig.outbox.enqueue(rig.count("a"));
      rig.stepUntil(sender, () -> rig.isIncluded("a"));
      anvil.mine(5);
      sender.step();
      assertThat(rig.status("a").state()).isEqualTo(TxState.MINED);
      assertThat(sender.trouble()).isEmpty();
    }
  }

  @Test
  void receiptThatComesLate_shouldBeWaitedFor() throws Exception {
    AtomicInteger late = new AtomicInteger(2);
    fault(call ->
        call.method().equals("eth_getTransactionReceipt") && late.getAndDecrement() > 0
            ? Optional.of(new Answer.Result("null"))
            : Optional.empty());
    try (TxSender sender = sender()) {
      rig.outbox.enqueue(rig.count("a"));
      sender.step();
      Rig.await(() -> rig.counted() == 1);
      anvil.mine(5);
      rig.stepUntil(sender, () -> rig.isIncluded("a"));
    }
    assertThat(late.get()).isNegative();
    assertThat(rig.attempts("a")).hasSize(1);
    assertThat(rig.counted()).isEqualTo(1);
  }

  @Test
  void receiptOfABlockThatIsGoneSince_shouldNotBeBelievedForLong() throws Exception {
    AtomicBoolean once = new AtomicBoolean(true);
    anvil.mine(5);
    anvil.automine(false);
    try (TxSender sender = sender()) {
      rig.outbox.enqueue(rig.count("a"));
      sender.step();
      anvil.mine(1);
      node.script(call -> {
        Answer answer = forward(call);
        if (call.method().equals("eth_getTransactionReceipt") && once.getAndSet(false)) {
          anvil.reorg(1, List.of());
        }
        return answer;
      });
      sender.step();
      assertThat(rig.status("a").state()).isEqualTo(TxState.MINED);
      sender.step();
      assertThat(rig.status("a").state()).isEqualTo(TxState.SENT);
      assertThat(rig.status("a").block()).isEmpty();
      anvil.mine(1);
      rig.stepUntil(sender, () -> rig.isIncluded("a"));
    }
    assertThat(rig.counted()).isEqualTo(1);
    assertThat(rig.attempts("a")).hasSize(1);
  }

  @Test
  void reorgAmidAStep_shouldNotRefuseWhatNeedsAnEarlierRequest() throws Exception {
    anvil.mine(5);
    Address gate = rig.contract(1, Rig.GATE);
    anvil.automine(false);
    try (TxSender sender = sender()) {
      rig.outbox.enqueue(open(gate));
      sender.step();
      anvil.mine(1);
      rig.stepUntil(sender, () -> rig.isIncluded("open"));
      rig.outbox.enqueue(pass(gate));
      onceBefore("eth_estimateGas", () -> anvil.reorg(1, List.of()));
      sender.step();
      assertThat(rig.status("pass").state()).isEqualTo(TxState.QUEUED);
      stepAndMineUntilIncluded(sender, "pass");
    }
    assertThat(rig.status("pass").succeeded()).isTrue();
    assertThat(rig.attempts("open")).hasSize(1);
  }

  @Test
  void blockAmidAStep_shouldNotRefuseWhatNeedsARequestInIt() throws Exception {
    anvil.mine(5);
    Address gate = rig.contract(1, Rig.GATE);
    anvil.automine(false);
    try (TxSender sender = sender()) {
      rig.outbox.enqueue(open(gate));
      sender.step();
      rig.outbox.enqueue(pass(gate));
      onceBefore("eth_getTransactionCount", () -> anvil.mine(1));
      sender.step();
      assertThat(rig.status("pass").state()).isEqualTo(TxState.QUEUED);
      stepAndMineUntilIncluded(sender, "pass");
    }
    assertThat(rig.status("pass").succeeded()).isTrue();
    assertThat(rig.attempts("open")).hasSize(1);
  }

  @Test
  void otherChain_shouldGetNothing() throws Exception {
    fault(call ->
        call.method().equals("eth_chainId")
            ? Optional.of(new Answer.Result("\"0x1\""))
            : Optional.empty());
    try (TxSender sender = sender()) {
      rig.outbox.enqueue(rig.count("a"));
      assertThatThrownBy(sender::step).hasMessageContaining("is on chain 1, expected 84532");
      assertThat(rig.status("a").state()).isEqualTo(TxState.QUEUED);
    }
  }

  @Test
  void nodeThatIsAway_shouldBeTold_andWaitedFor() {
    AtomicBoolean away = new AtomicBoolean(true);
    fault(_ -> away.get() ? Optional.of(new Answer.Status(503)) : Optional.empty());
    try (TxSender sender = sender()) {
      sender.start();
      rig.outbox.enqueue(rig.count("a"));
      Rig.await(() -> sender.trouble().contains("503"));
      assertThat(rig.status("a").state()).isEqualTo(TxState.QUEUED);
      away.set(false);
      Rig.await(() -> rig.isIncluded("a"));
      Rig.await(() -> sender.trouble().isEmpty());
    }
    assertThat(rig.counted()).isEqualTo(1);
  }

  @Test
  void requestWithoutAnEstimate_shouldWait_andLetTheOthersPass() throws Exception {
    AtomicBoolean faulty = new AtomicBoolean(true);
    fault(call ->
        faulty.get() && call.method().equals("eth_estimateGas") && call.params().contains("0x0bad")
            ? Optional.of(new Answer.Failure(-32000, "header not found"))
            : Optional.empty());
    try (TxSender sender = sender()) {
      for (int i = 0; i < SendPolicy.BASE.maxInFlight() + 1; i++) {
        rig.outbox.enqueue(
            TxRequest.call(anvil.chain(), "count", "odd" + i, rig.counter, Bytes.parse("0x0bad")));
      }
      rig.outbox.enqueue(rig.count("good"));
      rig.stepUntil(sender, () -> rig.isIncluded("good"));
      assertThat(sender.trouble()).contains("no gas estimate of count odd").contains("header");
      assertThat(rig.status("odd0").state()).isEqualTo(TxState.QUEUED);
      faulty.set(false);
      rig.clock.advance(SendPolicy.BASE.rebroadcastAfter());
      rig.stepUntil(sender, () -> rig.isIncluded("odd0"));
    }
  }

  @Test
  void doneQuestionThatFails_shouldMakeOnlyThatRequestWait() throws Exception {
    AtomicBoolean faulty = new AtomicBoolean(true);
    AlreadyDone alreadyDone =
        (_, key) -> {
          if (key.equals("odd") && faulty.get()) {
            throw new IllegalArgumentException("no such payment");
          }
          return false;
        };
    try (TxSender sender =
        rig.sender(rig.database, client, SendPolicy.BASE, alreadyDone, rig.clock)) {
      rig.outbox.enqueue(rig.count("odd"));
      rig.outbox.enqueue(rig.count("good"));
      rig.stepUntil(sender, () -> rig.isIncluded("good"));
      assertThat(rig.status("odd").state()).isEqualTo(TxState.QUEUED);
      faulty.set(false);
      rig.clock.advance(SendPolicy.BASE.rebroadcastAfter());
      rig.stepUntil(sender, () -> rig.isIncluded("odd"));
    }
  }

  @Test
  void rowsInBlocks_shouldCostOneRequestAStep_andFinalOnesNone() throws Exception {
    try (TxSender sender = sender()) {
      for (int i = 0; i < 10; i++) {
        String key = "k" + i;
        rig.outbox.enqueue(rig.count(key));
        rig.stepUntil(sender, () -> rig.isIncluded(key));
      }
      sender.step();
      assertThat(callsOf(sender)).as("nothing is new").hasSize(5);
      anvil.mine(1);
      assertThat(callsOf(sender)).as("a block that becomes final").hasSizeLessThanOrEqualTo(7);
      anvil.mine(3);
      rig.stepUntil(sender, () -> rig.status("k9").state() == TxState.FINALIZED);
      sender.step();
      sender.step();
      assertThat(callsOf(sender)).as("all are final").isEmpty();
    }
  }

  @Test
  void broadcastThatIsCutOff_shouldBeMadeUpFor() throws Exception {
    AtomicBoolean cut = new AtomicBoolean(true);
    fault(call ->
        call.method().equals("eth_sendRawTransaction") && cut.getAndSet(false)
            ? Optional.of(new Answer.HangUp())
            : Optional.empty());
    try (TxSender sender = sender()) {
      rig.outbox.enqueue(rig.count("a"));
      assertThatThrownBy(sender::step).isInstanceOf(RpcException.class);
      assertThat(rig.status("a").state()).isEqualTo(TxState.SENT);
      sender.step();
      rig.clock.advance(SendPolicy.BASE.rebroadcastAfter());
      rig.stepUntil(sender, () -> rig.isIncluded("a"));
    }
    assertThat(rig.attempts("a")).hasSize(1);
    assertThat(rig.counted()).isEqualTo(1);
  }

  private List<Call> callsOf(TxSender sender) throws Exception {
    int before = node.calls().size();
    sender.step();
    return new ArrayList<>(node.calls().subList(before, node.calls().size()));
  }

  private TxRequest open(Address gate) {
    return TxRequest.call(anvil.chain(), "count", "open", gate, Bytes.parse("0x01"));
  }

  private TxRequest pass(Address gate) {
    return TxRequest.call(anvil.chain(), "count", "pass", gate, Bytes.EMPTY);
  }

  private void stepAndMineUntilIncluded(TxSender sender, String key) throws Exception {
    rig.stepUntil(
        sender,
        () -> {
          anvil.mine(1);
          return rig.isIncluded(key);
        });
  }

  /** Something happens right before the node does what it is asked by a method's next call. */
  private void onceBefore(String method, Runnable event) {
    AtomicBoolean once = new AtomicBoolean(true);
    fault(call -> {
      if (call.method().equals(method) && once.getAndSet(false)) {
        event.run();
      }
      return Optional.empty();
    });
  }

  private TxSender sender() {
    return rig.sender(client, SendPolicy.BASE);
  }

  private void fault(Function<Call, Optional<Answer>> faults) {
    node.script(call -> faults.apply(call).orElseGet(() -> forward(call)));
  }

  private Answer forward(Call call) {
    try {
      return new Answer.Result(anvil.rpc().request(call.method(), call.params()));
    } catch (RpcException.ErrorReply e) {
      return new Answer.Failure(e.code(), e.nodeMessage());
    }
  }
}

package network.tachi.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip1559Transaction;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TxSenderTest {
  /** Reverts once slot 0 is not zero. */
  private static final Bytes REVERTS_LATER = Bytes.parse("0x600054600757005b60006000fd");

  private static final Bytes REVERTS = Bytes.parse("0x60006000fd");

  private static TestDatabase database;

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

  @Test
  void request_shouldBeSentOnce_andBecomeFinalized() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withSlotsInEpoch(2))) {
      Rig rig = new Rig(anvil, database);
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(rig.count("a"));
        rig.outbox.enqueue(rig.count("a"));

        rig.stepUntil(sender, () -> rig.status("a").state() == TxState.MINED);
        anvil.mine(2);
        rig.stepUntil(sender, () -> rig.status("a").state() == TxState.SAFE);
        anvil.mine(2);
        rig.stepUntil(sender, () -> rig.status("a").state() == TxState.FINALIZED);
      }
      assertThat(rig.counted()).isEqualTo(1);
      assertThat(rig.status("a").succeeded()).isTrue();
      assertThat(rig.attempts("a")).hasSize(1);
    }
  }

  @Test
  void otherPayloadUnderTheSameKey_shouldBeRefused() {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE)) {
      Rig rig = new Rig(anvil, database);
      rig.outbox.enqueue(rig.count("a"));

      assertThatThrownBy(() ->
              rig.outbox.enqueue(
                  TxRequest.call(anvil.chain(), "count", "a", Address.ZERO, Bytes.EMPTY)))
          .isInstanceOf(TxConflictException.class)
          .hasMessageContaining("count a");
    }
  }

  @Test
  void rolledBackRequest_shouldNotBeSent() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE)) {
      Rig rig = new Rig(anvil, database);
      assertThatThrownBy(() ->
              rig.database.run(tx -> {
                rig.outbox.enqueue(tx, rig.count("a"));
                throw new IllegalArgumentException("the caller's own trouble");
              }))
          .isInstanceOf(IllegalArgumentException.class);
      try (TxSender sender = rig.sender()) {
        sender.step();
      }
      assertThat(rig.outbox.status(anvil.chain(), "count", "a")).isEmpty();
      assertThat(rig.counted()).isZero();
    }
  }

  @Test
  void transactionInNoBlock_shouldBeReplacedByADearerOne() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      Rig rig = new Rig(anvil, database);
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(rig.count("a"));
        sender.step();
        sender.step();
        assertThat(rig.attempts("a")).hasSize(1);
        rig.clock.advance(SendPolicy.BASE.replaceAfter());
        sender.step();

        List<Eip1559Transaction> attempts = decode(rig.attempts("a"));
        assertThat(attempts).hasSize(2);
        Eip1559Transaction first = attempts.getFirst();
        Eip1559Transaction second = attempts.getLast();
        assertThat(second.nonce()).isEqualTo(first.nonce());
        assertThat(second.data()).isEqualTo(first.data());
        assertThat(percent(second.maxFeePerGas(), first.maxFeePerGas())).isGreaterThanOrEqualTo(20);
        assertThat(percent(second.maxPriorityFeePerGas(), first.maxPriorityFeePerGas()))
            .isGreaterThanOrEqualTo(20);
        anvil.mine(1);
        rig.stepUntil(sender, () -> rig.isIncluded("a"));
      }
      assertThat(rig.counted()).isEqualTo(1);
    }
  }

  @Test
  void replacedTransaction_shouldStillBeSeenIfItWins() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      Rig rig = new Rig(anvil, database);
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(rig.count("a"));
        sender.step();
        rig.clock.advance(SendPolicy.BASE.replaceAfter());
        sender.step();
        anvil.dropAllTransactions();
        Bytes cheaper = rig.attempts("a").getFirst();
        Hash hash = anvil.rpc().sendRawTransaction(cheaper);
        anvil.mine(1);

        rig.stepUntil(sender, () -> rig.isIncluded("a"));
        assertThat(rig.status("a").transaction()).isEqualTo(hash);
      }
    }
  }

  @Test
  void feeCap_shouldStopReplacement_andBeTold() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      Rig rig = new Rig(anvil, database);
      BigInteger cap = BigInteger.valueOf(2_000_000_000L);
      try (TxSender sender = rig.sender(anvil.rpc().rpc(), Rig.policyWithCap(cap))) {
        rig.outbox.enqueue(rig.count("a"));
        sender.step();
        rig.clock.advance(SendPolicy.BASE.replaceAfter());
        sender.step();

        assertThat(sender.trouble()).contains("count a is stuck at the fee cap");
        assertThat(decode(rig.attempts("a")))
            .singleElement()
            .satisfies(tx -> assertThat(tx.maxFeePerGas()).isEqualTo(cap));
      }
    }
  }

  @Test
  void onlyTheNextNonce_shouldBeReplaced() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      Rig rig = new Rig(anvil, database);
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(rig.count("a"));
        rig.outbox.enqueue(rig.count("b"));
        sender.step();
        rig.clock.advance(SendPolicy.BASE.replaceAfter());
        sender.step();
      }
      assertThat(rig.attempts("a")).hasSize(2);
      assertThat(rig.attempts("b")).hasSize(1);
    }
  }

  @Test
  void allThatCannotPayTheBaseFee_shouldBeReplaced() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      Rig rig = new Rig(anvil, database);
      SendPolicy policy = Rig.policyWithCap(BigInteger.TEN.pow(11));
      try (TxSender sender = rig.sender(anvil.rpc().rpc(), policy)) {
        rig.outbox.enqueue(rig.count("a"));
        rig.outbox.enqueue(rig.count("b"));
        sender.step();
        anvil.rpc().request("anvil_setNextBlockBaseFeePerGas", "[\"0x2540be400\"]");
        anvil.mine(1);
        sender.step();
        rig.clock.advance(policy.replaceAfter());
        sender.step();
        assertThat(rig.attempts("a")).hasSize(2);
        assertThat(rig.attempts("b")).hasSize(2);
        anvil.mine(1);
        rig.stepUntil(sender, () -> rig.isIncluded("a") && rig.isIncluded("b"));
      }
      assertThat(rig.counted()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 30})
  void reorg_shouldSendTheSameBytesAgain(int depth) throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE)) {
      Rig rig = new Rig(anvil, database);
      List<String> keys = IntStream.range(0, 3).mapToObj(i -> "k" + i).toList();
      try (TxSender sender = rig.sender()) {
        anvil.mine(40);
        anvil.automine(false);
        keys.forEach(key -> rig.outbox.enqueue(rig.count(key)));
        sender.step();
        anvil.mine(depth);
        rig.stepUntil(sender, () -> keys.stream().allMatch(rig::isIncluded));
        List<Bytes> before = rig.attempts("k0");

        anvil.reorg(depth, List.of());
        assertThat(rig.counted()).isZero();
        rig.stepUntil(sender, () -> keys.stream().noneMatch(rig::isIncluded));
        sender.step();
        anvil.mine(1);
        rig.stepUntil(sender, () -> keys.stream().allMatch(rig::isIncluded));

        assertThat(rig.attempts("k0")).isEqualTo(before);
      }
      assertThat(rig.counted()).isEqualTo(3);
      assertThat(keys).allSatisfy(key -> assertThat(rig.attempts(key)).hasSize(1));
    }
  }

  @Test
  void reorgThatKeepsTheTransactionInAnotherBlock_shouldOnlyMoveIt() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE)) {
      Rig rig = new Rig(anvil, database);
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(rig.count("a"));
        rig.stepUntil(sender, () -> rig.isIncluded("a"));
        long block = rig.status("a").block().orElseThrow();
        anvil.mine(2);
        anvil.reorg(3, List.of(new Anvil.ReorgTransaction(rig.attempts("a").getFirst(), 2)));

        rig.stepUntil(sender, () -> rig.status("a").block().orElse(block) != block);
        assertThat(rig.status("a").block()).hasValue(block + 2);
      }
      assertThat(rig.counted()).isEqualTo(1);
    }
  }

  @Test
  void revertInABlock_shouldBeToldAsFailure_andNotStopTheNext() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      Rig rig = new Rig(anvil, database);
      Address fickle = rig.contract(1, REVERTS_LATER);
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(TxRequest.call(anvil.chain(), "count", "fickle", fickle, Bytes.EMPTY));
        rig.outbox.enqueue(rig.count("after"));
        sender.step();
        anvil.setStorage(fickle, Hash.ZERO, Hash.ofUint(1));
        anvil.mine(1);
        rig.stepUntil(sender, () -> rig.isIncluded("fickle") && rig.isIncluded("after"));
      }
      assertThat(rig.status("fickle").failed()).isTrue();
      assertThat(rig.status("fickle").reason()).isNotEmpty();
      assertThat(rig.status("after").succeeded()).isTrue();
    }
  }

  @Test
  void requestThatWouldRevert_shouldBeRefusedWithoutANonce() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE)) {
      Rig rig = new Rig(anvil, database);
      Address reverting = rig.contract(2, REVERTS);
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(TxRequest.call(anvil.chain(), "count", "bad", reverting, Bytes.EMPTY));
        rig.outbox.enqueue(rig.count("good"));
        rig.stepUntil(sender, () -> rig.isIncluded("good"));
      }
      assertThat(rig.status("bad").state()).isEqualTo(TxState.REFUSED);
      assertThat(rig.status("bad").failed()).isTrue();
      assertThat(anvil.rpc().transactionCount(rig.signer.address(), BlockTag.LATEST)).isEqualTo(1);
    }
  }

  @Test
  void requestThatNeedsAnEarlierOne_shouldWaitForIt() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      Rig rig = new Rig(anvil, database);
      Address gate = rig.contract(3, Rig.GATE);
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(
            TxRequest.call(anvil.chain(), "count", "open", gate, Bytes.parse("0x01")));
        rig.outbox.enqueue(TxRequest.call(anvil.chain(), "count", "pass", gate, Bytes.EMPTY));
        sender.step();
        assertThat(rig.status("pass").state()).isEqualTo(TxState.QUEUED);
        anvil.mine(1);
        rig.stepUntil(sender, () -> rig.status("pass").state() == TxState.SENT);
        anvil.mine(1);
        rig.stepUntil(sender, () -> rig.isIncluded("pass"));
      }
      assertThat(rig.status("pass").succeeded()).isTrue();
    }
  }

  @Test
  void requestThatWouldRevert_shouldGetItsVerdict_thoughLaterOnesArePending() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      Rig rig = new Rig(anvil, database);
      Address reverting = rig.contract(4, REVERTS);
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(rig.count("earlier"));
        rig.outbox.enqueue(TxRequest.call(anvil.chain(), "count", "bad", reverting, Bytes.EMPTY));
        rig.outbox.enqueue(rig.count("later"));
        sender.step();
        assertThat(rig.status("later").state()).isEqualTo(TxState.SENT);
        assertThat(rig.status("bad").state()).isEqualTo(TxState.QUEUED);

        anvil.dropAllTransactions();
        anvil.rpc().sendRawTransaction(rig.attempts("earlier").getFirst());
        anvil.mine(1);
        sender.step();
        assertThat(rig.status("later").state()).isEqualTo(TxState.SENT);
        assertThat(rig.status("bad").state()).isEqualTo(TxState.REFUSED);
      }
    }
  }

  @Test
  void lostPool_shouldGetTheSameBytesAgain() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      Rig rig = new Rig(anvil, database);
      List<String> keys = IntStream.range(0, 4).mapToObj(i -> "k" + i).toList();
      try (TxSender sender = rig.sender()) {
        keys.forEach(key -> rig.outbox.enqueue(rig.count(key)));
        sender.step();
        anvil.dropAllTransactions();
        rig.clock.advance(SendPolicy.BASE.rebroadcastAfter());
        sender.step();
        anvil.mine(1);
        rig.stepUntil(sender, () -> keys.stream().allMatch(rig::isIncluded));
      }
      assertThat(rig.counted()).isEqualTo(4);
      assertThat(keys).allSatisfy(key -> assertThat(rig.attempts(key)).hasSize(1));
    }
  }

  @Test
  void nonceUsedByAnother_shouldBeReplacedOnceThatIsFinal() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withSlotsInEpoch(1).withoutMining())) {
      Rig rig = new Rig(anvil, database);
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(rig.count("a"));
        sender.step();
        anvil.dropAllTransactions();
        rig.sendForeign(0);
        anvil.mine(1);
        sender.step();
        sender.step();
        sender.step();
        assertThat(rig.status("a").state()).isEqualTo(TxState.SENT);
        assertThat(rig.attempts("a")).as("the other one may still be undone").hasSize(1);
        assertThat(sender.trouble()).contains("a transaction not from here");
        anvil.mine(4);
        rig.stepUntil(sender, () -> rig.attempts("a").size() == 2);
        anvil.mine(1);
        rig.stepUntil(sender, () -> rig.isIncluded("a"));
      }
      assertThat(rig.counted()).isEqualTo(1);
      assertThat(decode(rig.attempts("a")).getLast().nonce()).isEqualTo(1);
    }
  }

  @Test
  void gapOfNonces_shouldBeFilledByTheNextRequest() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      Rig rig = new Rig(anvil, database);
      anvil.mine(3);
      rig.sendForeign(0);
      anvil.mine(1);
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(rig.count("a"));
        sender.step();
        anvil.mine(1);
        rig.stepUntil(sender, () -> rig.isIncluded("a"));
        assertThat(rig.nonce("a")).isEqualTo(1);

        anvil.reorg(2, List.of());
        sender.step();
        assertThat(rig.status("a").state()).isEqualTo(TxState.SENT);
        rig.outbox.enqueue(rig.count("b"));
        sender.step();
        assertThat(rig.nonce("b")).isZero();
        anvil.mine(1);
        rig.stepUntil(sender, () -> rig.isIncluded("a") && rig.isIncluded("b"));
      }
      assertThat(rig.counted()).isEqualTo(2);
      assertThat(rig.attempts("a")).hasSize(1);
    }
  }

  @Test
  void chainThatLostFinalTransactions_shouldStopTheSender_andBeTold() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withSlotsInEpoch(1))) {
      Rig rig = new Rig(anvil, database);
      anvil.mine(1);
      String before = anvil.snapshot();
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(rig.count("a"));
        rig.stepUntil(sender, () -> rig.isIncluded("a"));
        anvil.mine(3);
        rig.stepUntil(sender, () -> rig.status("a").state() == TxState.FINALIZED);
        anvil.revert(before);
        rig.outbox.enqueue(rig.count("b"));
        sender.step();
        assertThat(sender.trouble()).contains("lost transactions").contains("were final");
        assertThat(rig.status("b").state()).isEqualTo(TxState.QUEUED);
      }
    }
  }

  @Test
  void requestThatIsDoneAlready_shouldBeSkipped() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE)) {
      Rig rig = new Rig(anvil, database);
      AlreadyDone alreadyDone = (kind, key) -> kind.equals("count") && key.equals("done");
      try (TxSender sender =
          rig.sender(rig.database, anvil.rpc().rpc(), SendPolicy.BASE, alreadyDone, rig.clock)) {
        rig.outbox.enqueue(rig.count("done"));
        rig.outbox.enqueue(rig.count("todo"));
        rig.stepUntil(sender, () -> rig.isIncluded("todo"));
      }
      assertThat(rig.status("done").state()).isEqualTo(TxState.SKIPPED);
      assertThat(rig.status("done").succeeded()).isTrue();
      assertThat(rig.counted()).isEqualTo(1);
    }
  }

  @Test
  void brokeAccount_shouldBeTold_andGoOnWhenItHasMoney() throws Exception {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE)) {
      Rig rig = new Rig(anvil, database);
      BigInteger before = anvil.rpc().balance(rig.signer.address(), BlockTag.LATEST);
      anvil.setBalance(rig.signer.address(), BigInteger.ZERO);
      try (TxSender sender = rig.sender()) {
        rig.outbox.enqueue(rig.count("a"));
        sender.step();
        assertThat(sender.trouble()).contains("count a").contains("nsufficient");
        rig.clock.advance(SendPolicy.BASE.replaceAfter().multipliedBy(2));
        sender.step();
        sender.step();
        assertThat(rig.attempts("a")).as("no dearer bytes for an empty account").hasSize(1);
        anvil.setBalance(rig.signer.address(), before);
        rig.clock.advance(Duration.ofSeconds(3));
        rig.stepUntil(sender, () -> rig.isIncluded("a"));
        sender.step();
        assertThat(sender.trouble()).isEmpty();
      }
      assertThat(rig.counted()).isEqualTo(1);
    }
  }

  private static List<Eip1559Transaction> decode(List<Bytes> raw) {
    return raw.stream().map(bytes -> Eip1559Transaction.decode(bytes).transaction()).toList();
  }

  private static long percent(BigInteger now, BigInteger before) {
    return now.subtract(before).multiply(BigInteger.valueOf(100)).divide(before).longValueExact();
  }

  @Test
  void thread_shouldSendByItself() {
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE)) {
      Rig rig = new Rig(anvil, database);
      try (TxSender sender = rig.sender()) {
        sender.start();
        rig.outbox.enqueue(rig.count("a"));
        TxStatus status =
            rig.outbox.awaitIncluded(anvil.chain(), "count", "a", Duration.ofSeconds(10));
        assertThat(status.succeeded()).isTrue();
      }
      assertThatThrownBy(() ->
              rig.outbox.awaitIncluded(anvil.chain(), "count", "never", Duration.ofMillis(20)))
          .isInstanceOf(TxTimeoutException.class);
    }
  }
}

package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.Receipt;
import network.tachi.testkit.AnvilOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Receipts of a real node, and what a lying one could make of them. */
class ReceiptsProofTest {
  private static EmitterChain chain;
  private static BlockHeader header;
  private static List<Receipt> receipts;

  @BeforeAll
  static void mineABlock() {
    chain = EmitterChain.start(AnvilOptions.BASE);
    for (int i = 0; i < 20; i++) {
      chain.emit(ContractKind.PAYMENT_PROCESSOR, chain.payments(3));
    }
    chain.anvil().mine(1);
    header = chain.anvil().rpc().blockByNumber(chain.head()).orElseThrow();
    receipts = chain.anvil().rpc().blockReceipts(BlockRef.number(header.number())).orElseThrow();
  }

  @AfterAll
  static void stop() {
    chain.close();
  }

  @Test
  void headersOfTheNode_shouldHashToTheirHash() {
    for (long number = 0; number <= header.number(); number++) {
      BlockHeader found = chain.anvil().rpc().blockByNumber(number).orElseThrow();
      assertThat(found.unknownMembers()).isEmpty();
      assertThat(found.verifyHash()).isEqualTo(BlockHeader.HashCheck.MATCH);
    }
  }

  @Test
  void receiptsOfTheNode_shouldBeProven() {
    assertThat(receipts).hasSize(20);
    assertThatCode(() -> ReceiptsProof.check(header, receipts)).doesNotThrowAnyException();
  }

  @Test
  void receiptsOfAnEmptyBlock_shouldBeProven() {
    chain.anvil().mine(1);
    BlockHeader empty = chain.anvil().rpc().blockByNumber(chain.head()).orElseThrow();

    assertThatCode(() -> ReceiptsProof.check(empty, List.of())).doesNotThrowAnyException();
  }

  @Test
  void noReceipts_shouldBeRefused() {
    refused(List.of(), Rejection.RECEIPTS_ROOT);
  }

  @Test
  void missingLastReceipt_shouldBeRefused() {
    refused(receipts.subList(0, 19), Rejection.RECEIPTS_ROOT);
  }

  @Test
  void missingFirstReceipt_shouldBeRefused() {
    refused(receipts.subList(1, 20), Rejection.RECEIPT_ORDER);
  }

  @Test
  void swappedReceipts_shouldBeRefused() {
    List<Receipt> swapped = new ArrayList<>(receipts);
    Collections.swap(swapped, 3, 4);
    refused(swapped, Rejection.RECEIPT_ORDER);
  }

  @Test
  void missingLog_shouldBeRefused() {
    Receipt last = receipts.getLast();
    refused(with(19, last.logs().subList(0, 2), last.transactionHash()), Rejection.RECEIPTS_ROOT);
  }

  @Test
  void logsEmptied_shouldBeRefused() {
    refused(with(19, List.of(), receipts.get(19).transactionHash()), Rejection.RECEIPTS_ROOT);
  }

  @Test
  void changedLogData_shouldBeRefused() {
    List<Log> logs = new ArrayList<>(receipts.get(7).logs());
    Log log = logs.get(1);
    byte[] data = log.data().toArray();
    data[31]++;
    logs.set(
        1,
        new Log(
            log.address(),
            log.topics(),
            network.tachi.evm.Bytes.of(data),
            log.blockNumber(),
            log.blockHash(),
            log.transactionHash(),
            log.transactionIndex(),
            log.logIndex(),
            false,
            null));
    refused(with(7, logs, receipts.get(7).transactionHash()), Rejection.RECEIPTS_ROOT);
  }

  @Test
  void logOfAnotherBlock_shouldBeRefused() {
    List<Log> logs = new ArrayList<>(receipts.get(7).logs());
    Log log = logs.get(1);
    logs.set(
        1,
        new Log(
            log.address(),
            log.topics(),
            log.data(),
            log.blockNumber(),
            Keccak.hash("another block"),
            log.transactionHash(),
            log.transactionIndex(),
            log.logIndex(),
            false,
            null));
    refused(with(7, logs, receipts.get(7).transactionHash()), Rejection.FOREIGN_RECEIPT);
  }

  @Test
  void receiptsOfAnotherBlock_shouldBeRefused() {
    chain.minePayments(3);
    List<Receipt> others =
        chain.anvil().rpc().blockReceipts(BlockRef.number(chain.head())).orElseThrow();
    refused(others, Rejection.FOREIGN_RECEIPT);
  }

  @Test
  void oneTransactionTwice_shouldBeRefused() {
    refused(with(7, List.of(), receipts.get(6).transactionHash()), Rejection.FOREIGN_RECEIPT);
  }

  private static void refused(List<Receipt> answer, Rejection rejection) {
    assertThatThrownBy(() -> ReceiptsProof.check(header, answer))
        .isInstanceOfSatisfying(
            RejectedAnswerException.class,
            e -> {
              assertThat(e.rejection()).isEqualTo(rejection);
              assertThat(e.block()).isEqualTo(header.number());
            });
  }

  private static List<Receipt> with(int index, List<Log> logs, Hash transaction) {
    Receipt r = receipts.get(index);
    List<Receipt> changed = new ArrayList<>(receipts);
    changed.set(
        index,
        new Receipt(
            r.type(),
            transaction,
            r.transactionIndex(),
            r.blockHash(),
            r.blockNumber(),
            r.from(),
            r.to(),
            r.contractAddress(),
            r.success(),
            r.gasUsed(),
            r.cumulativeGasUsed(),
            r.effectiveGasPrice(),
            r.logsBloom(),
            logs,
            r.depositNonce(),
            r.depositReceiptVersion()));
    return changed;
  }
}

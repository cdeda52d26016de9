package network.tachi.testkit.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ContractAddresses;
import network.tachi.evm.Eip1559Transaction;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LegacyTransaction;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.Receipt;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The generator's encoders make of a real node's blocks what the node says of them. */
class AnvilEncodingTest {
  private static final int BLOCKS = 1_000;

  /**
   * Logs the call data as data of three logs with no, one and four topics; reverts without any:
   * {@code if (!calldatasize) revert; calldatacopy; log0; log1; log4}.
   */
  private static final Bytes CODE =
      Bytes.parse("0x366007575f5ffd5b365f5f37365fa05f35365fa15f355f355f355f35365fa400");

  private static final BigInteger FEE = BigInteger.valueOf(100_000_000_000L);

  @Test
  void blocksOfAnvil_shouldBeEncodedToTheirHashesAndRoots() {
    long seed = 5;
    SplittableRandom random = new SplittableRandom(seed);
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      Signer sender = anvil.account("sender");
      Address contract = ContractAddresses.create(sender.address(), 0);
      anvil.setCode(contract, CODE);
      long nonce = 0;
      int logs = 0;
      for (int i = 1; i <= BLOCKS; i++) {
        for (int n = random.nextInt(4); n > 0; n--) {
          anvil.rpc().sendRawTransaction(transaction(anvil, sender, nonce++, contract, random));
        }
        anvil.mine(1);
        logs += check(anvil, i, seed);
      }
      assertThat(logs).isGreaterThan(BLOCKS);
    }
  }

  private static Bytes transaction(
      Anvil anvil, Signer sender, long nonce, @Nullable Address to, SplittableRandom random) {
    byte[] data = new byte[random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(200)];
    random.nextBytes(data);
    return random.nextBoolean()
        ? new LegacyTransaction(
                anvil.chain(), nonce, FEE, 200_000, to, BigInteger.ZERO, Bytes.wrap(data))
            .sign(sender)
            .raw()
        : new Eip1559Transaction(
                anvil.chain(),
                nonce,
                BigInteger.ONE,
                FEE,
                200_000,
                to,
                BigInteger.ZERO,
                Bytes.wrap(data),
                List.of())
            .sign(sender)
            .raw();
  }

  /** Holds a block against its header; returns how many logs it has. */
  private static int check(Anvil anvil, long number, long seed) {
    BlockHeader header = anvil.rpc().blockByNumber(number).orElseThrow();
    List<Receipt> receipts = anvil.rpc().blockReceipts(BlockRef.number(number)).orElseThrow();
    List<PlannedLog> all = new ArrayList<>();
    List<byte[]> encoded = new ArrayList<>();
    for (Receipt receipt : receipts) {
      List<PlannedLog> logs =
          receipt.logs().stream()
              .map(log -> new PlannedLog(log.address(), log.topics(), log.data()))
              .toList();
      all.addAll(logs);
      encoded.add(
          BodyTransaction.receiptBytes(
              receipt.type(),
              receipt.success(),
              receipt.cumulativeGasUsed(),
              bloom(logs),
              logs,
              new long[0]));
      assertThat(receipt.logsBloom()).isEqualTo(bloom(logs));
    }
    assertThat(OrderedTrieRoot.of(encoded))
        .as("receipts of block %d, seed %d", number, seed)
        .isEqualTo(header.receiptsRoot());
    assertThat(bloom(all)).isEqualTo(header.logsBloom());
    assertThat(Keccak.hash(fields(header).rlp(21)))
        .as("header of block %d, seed %d", number, seed)
        .isEqualTo(header.hash());
    return all.size();
  }

  private static Bytes bloom(List<PlannedLog> logs) {
    Bloom bloom = new Bloom();
    bloom.add(logs);
    return bloom.toBytes();
  }

  private static HeaderFields fields(BlockHeader header) {
    return new HeaderFields(
        header.parentHash(),
        header.ommersHash(),
        header.beneficiary(),
        header.stateRoot(),
        header.transactionsRoot(),
        header.receiptsRoot(),
        header.logsBloom(),
        header.difficulty().longValueExact(),
        header.number(),
        header.gasLimit(),
        header.gasUsed(),
        header.timestamp(),
        header.extraData(),
        header.mixHash(),
        header.nonce(),
        number(header.baseFeePerGas()),
        header.withdrawalsRoot(),
        header.blobGasUsed(),
        header.excessBlobGas(),
        header.parentBeaconBlockRoot(),
        header.requestsHash(),
        Hash.ZERO,
        0L);
  }

  private static @Nullable Long number(@Nullable BigInteger value) {
    return value == null ? null : value.longValueExact();
  }
}

package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.rpc.Log;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockLogsTest {
  private static final BlockId BLOCK = new BlockId(1_234_567, Keccak.hash("block"));

  @Test
  void anyLogs_shouldBeReadAsTheyWereWritten() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      BlockLogs logs =
          new BlockLogs(
              random.nextBoolean() ? VerifiedBy.RECEIPTS : VerifiedBy.HASH_PIN, logs(random));
      assertThat(BlockLogs.decode(BLOCK, logs.encode())).as("seed %d", seed).isEqualTo(logs);
    }
  }

  @Test
  void form_shouldNeverChange() {
    Log first =
        log(
            300,
            7,
            List.of(Keccak.hash("Event()"), Hash.ofUint(258)),
            Bytes.parse("0x" + "00".repeat(31) + "05" + "aabb"));
    Log second = log(300, 8, List.of(Keccak.hash("Event()")), Bytes.EMPTY);
    Log third = log(301, 200, List.of(), Bytes.EMPTY);

    assertThat(
            new BlockLogs(VerifiedBy.RECEIPTS, List.of(first, second, third)).encode().toString())
        .isEqualTo(
            "0x01" // version
                + "01" // receipts
                + "02" // transactions
                + "ac02" // the first has index 300
                + hex(first.transactionHash())
                + "02" // logs
                + "07" // the first has index 7
                + "00" // contract 0, which follows
                + "00".repeat(19)
                + "01"
                + "02" // topics
                + "00" // topic 0, which follows
                + hex(Keccak.hash("Event()"))
                + "020102" // 258
                + "22" // 34 bytes of data
                + "0105"
                + "aabb"
                + "01" // the next log
                + "00" // contract 0 again
                + "01" // one topic
                + "00" // topic 0 again
                + "00" // no data
                + "01" // the next transaction
                + hex(third.transactionHash())
                + "01" // log
                + "c001" // 192 further
                + "00" // contract 0 again
                + "00" // no topics
                + "00"); // no data
  }

  @Test
  void fiftyPayments_shouldTakeAFractionOfTheirJson() {
    List<Log> logs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      logs.add(
          log(
              i / 10,
              i,
              List.of(
                  Keccak.hash("PaymentMade"),
                  Keccak.hash("payment " + i),
                  Hash.ofUint(i),
                  address(i).toWord()),
              Bytes.parse(
                  Hash.ofUint(5_000 + i).toString()
                      + hex(Keccak.hash("nonce " + i))
                      + hex(Hash.ofUint(1))
                      + hex(Hash.ofUint(1_800_000_000)))));
    }
    assertThat(new BlockLogs(VerifiedBy.RECEIPTS, logs).encode().size() / 50).isLessThan(120);
  }

  @Test
  void everyCut_shouldBeRefused() {
    Bytes whole = new BlockLogs(VerifiedBy.RECEIPTS, logs(new Random(1))).encode();
    for (int size = 0; size < whole.size(); size++) {
      Bytes cut = whole.slice(0, size);
      assertThatThrownBy(() -> BlockLogs.decode(BLOCK, cut))
          .isInstanceOf(CorruptLogsException.class)
          .hasMessageContaining("1234567");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x02" + "0100", // another version
        "0x01" + "0900", // another proof
        "0x0101" + "00" + "00", // more than there should be
        "0x0101" + "ffffffff0f", // a number of 2^32 - 1
        "0x0101" + "ffffff7f", // more transactions than bytes
      })
  void otherBytes_shouldBeRefused(String hex) {
    assertThatThrownBy(() -> BlockLogs.decode(BLOCK, Bytes.parse(hex)))
        .isInstanceOf(CorruptLogsException.class);
  }

  @Test
  void randomBytes_shouldBeReadOrRefused_butNothingElse() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] whole = new BlockLogs(VerifiedBy.RECEIPTS, logs(new Random(2))).encode().toArray();
    for (int round = 0; round < 20_000; round++) {
      byte[] broken = Arrays.copyOf(whole, whole.length);
      broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      try {
        BlockLogs.decode(BLOCK, Bytes.wrap(broken));
      } catch (CorruptLogsException expected) {
        assertThat(expected).as("seed %d", seed).hasMessageContaining("stored logs of block");
      }
    }
  }

  private static List<Log> logs(Random random) {
    List<Log> logs = new ArrayList<>();
    int transaction = random.nextInt(300);
    int index = random.nextInt(1_000);
    for (int t = random.nextInt(5); t >= 0; t--) {
      for (int l = random.nextInt(4); l >= 0; l--) {
        List<Hash> topics = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          topics.add(random.nextBoolean() ? word(random) : Keccak.hash("topic " + i));
        }
        byte[] data =
            new byte[random.nextInt(3) == 0 ? random.nextInt(100) : 32 * random.nextInt(5)];
        if (random.nextBoolean()) {
          random.nextBytes(data);
        }
        logs.add(log(transaction, index, topics, Bytes.wrap(data)));
        index += 1 + random.nextInt(200);
      }
      transaction += 1 + random.nextInt(200);
    }
    return logs;
  }

  private static Hash word(Random random) {
    byte[] word = new byte[32];
    int zeros = random.nextInt(33);
    random.nextBytes(word);
    Arrays.fill(word, 0, zeros, (byte) 0);
    return Hash.read(word, 0);
  }

  private static Log log(int transaction, int index, List<Hash> topics, Bytes data) {
    return new Log(
        address(1),
        topics,
        data,
        BLOCK.number(),
        BLOCK.hash(),
        Keccak.hash("transaction " + transaction),
        transaction,
        index,
        false,
        null);
  }

  private static Address address(int number) {
    return Address.fromWord(Hash.ofUint(number));
  }

  private static String hex(Hash hash) {
    return hash.toString().substring(2);
  }
}

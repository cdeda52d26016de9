package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import org.junit.jupiter.api.Test;

class FollowedContractsTest {
  private static final Address LICENSES = address("licences");
  private static final Address PAYMENTS = address("payments");

  private final FollowedContracts contracts =
      new FollowedContracts(
          List.of(
              new FollowedContract(LICENSES, ContractKind.CRAWL_LICENSE, 20),
              new FollowedContract(PAYMENTS, ContractKind.PAYMENT_PROCESSOR, 10)));

  @Test
  void emptyBloom_shouldExcludeAll() {
    assertThat(contracts.mayHaveEvents(bloom(List.of()))).isFalse();
  }

  @Test
  void anyFollowedEvent_shouldNeverBeExcluded() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (FollowedContract contract : contracts.all()) {
      for (Hash topic : contract.kind().topics()) {
        List<byte[]> values =
            new ArrayList<>(List.of(contract.address().toBytes(), topic.toBytes()));
        for (int i = random.nextInt(100); i > 0; i--) {
          byte[] other = new byte[20 + 12 * random.nextInt(2)];
          random.nextBytes(other);
          values.add(other);
        }
        assertThat(contracts.mayHaveEvents(bloom(values))).as("seed %d", seed).isTrue();
      }
    }
  }

  @Test
  void otherContractWithTheSameEvent_shouldBeExcluded() {
    Hash topic = ContractKind.PAYMENT_PROCESSOR.topics().iterator().next();
    assertThat(contracts.mayHaveEvents(bloom(List.of(address("x").toBytes(), topic.toBytes()))))
        .isFalse();
  }

  @Test
  void followedContractWithAnotherEvent_shouldBeExcluded() {
    Hash topic = Keccak.hash("Paused(address)");
    assertThat(contracts.mayHaveEvents(bloom(List.of(PAYMENTS.toBytes(), topic.toBytes()))))
        .isFalse();
  }

  @Test
  void eventOfAnotherFollowedContract_shouldBeExcluded() {
    Hash topic = ContractKind.PAYMENT_PROCESSOR.topics().iterator().next();
    assertThat(contracts.mayHaveEvents(bloom(List.of(LICENSES.toBytes(), topic.toBytes()))))
        .isFalse();
  }

  @Test
  void start_shouldBeThatOfTheOldestContract() {
    assertThat(contracts.startBlock()).isEqualTo(10);
  }

  @Test
  void nothingToFollow_shouldBeRefused() {
    assertThatThrownBy(() -> new FollowedContracts(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The bloom of the yellow paper, section 4.3.1, by its letter. */
  private static Bytes bloom(List<byte[]> values) {
    byte[] bloom = new byte[256];
    for (byte[] value : values) {
      byte[] hash = Keccak.hash(value).toBytes();
      for (int i = 0; i < 6; i += 2) {
        int bit = (((hash[i] & 255) << 8) | (hash[i + 1] & 255)) % 2048;
        bloom[255 - bit / 8] |= (byte) (1 << (bit % 8));
      }
    }
    return Bytes.wrap(bloom);
  }

  private static Address address(String name) {
    return Address.fromWord(Hash.ofUint(Keccak.hash(name).toUint().shiftRight(96)));
  }
}

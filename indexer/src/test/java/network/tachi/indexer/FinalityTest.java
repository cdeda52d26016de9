package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.rpc.BlockHeader;
import org.junit.jupiter.api.Test;

class FinalityTest {
  private static final BlockId GENESIS = id(0);
  private static final Finality NONE = new Finality(GENESIS, GENESIS);
  private static final ChainWindow WINDOW = window(10, 20);

  @Test
  void tags_shouldBeTakenFromTheIndexedChain() {
    assertThat(NONE.advance(WINDOW, tips(20, 15, 12))).isEqualTo(new Finality(id(15), id(12)));
  }

  @Test
  void tagsAboveTheTip_shouldSettleTheTip() {
    assertThat(NONE.advance(WINDOW, tips(100, 90, 80))).isEqualTo(new Finality(id(20), id(20)));
  }

  @Test
  void tagsBelowTheFirstIndexedBlock_shouldBeTakenAsTheyAre() {
    assertThat(NONE.advance(WINDOW, tips(20, 8, 3))).isEqualTo(new Finality(id(8), id(3)));
  }

  @Test
  void finalizedThatGoesBack_shouldStay() {
    Finality before = new Finality(id(18), id(15));
    assertThat(before.advance(WINDOW, tips(20, 12, 11))).isEqualTo(before);
  }

  @Test
  void safeOfAnUnwoundBranch_shouldFallBackToFinalized() {
    Finality before = new Finality(new BlockId(18, Keccak.hash("unwound")), id(12));
    assertThat(before.advance(WINDOW, noTags(20))).isEqualTo(new Finality(id(12), id(12)));
  }

  @Test
  void tagOfAnotherBranch_shouldBeRefused() {
    Tips tips =
        new Tips(
            header(20, hash(20)),
            Optional.empty(),
            Optional.of(header(12, Keccak.hash("another branch"))));
    assertThatThrownBy(() -> NONE.advance(WINDOW, tips))
        .isInstanceOfSatisfying(
            RejectedAnswerException.class,
            e -> assertThat(e.rejection()).isEqualTo(Rejection.FORKED_TAG));
  }

  @Test
  void tagAboveTheHeadOfTheSameAnswer_shouldBeIgnored() {
    assertThat(NONE.advance(WINDOW, tips(20, 25, 25))).isEqualTo(NONE);
  }

  @Test
  void nodeWithoutTags_shouldSettleNothing() {
    assertThat(NONE.advance(WINDOW, noTags(20))).isEqualTo(NONE);
  }

  private static Tips tips(long latest, long safe, long finalized) {
    return new Tips(
        header(latest, hash(latest)),
        Optional.of(header(safe, hash(safe))),
        Optional.of(header(finalized, hash(finalized))));
  }

  private static Tips noTags(long latest) {
    return new Tips(header(latest, hash(latest)), Optional.empty(), Optional.empty());
  }

  private static ChainWindow window(long from, long to) {
    List<BlockPoint> blocks =
        LongStream.rangeClosed(from, to)
            .mapToObj(number -> new BlockPoint(number, hash(number), hash(number - 1), number))
            .toList();
    return ChainWindow.of(blocks);
  }

  private static BlockId id(long number) {
    return new BlockId(number, hash(number));
  }

  private static Hash hash(long number) {
    return Keccak.hash("block " + number);
  }

  private static CheckedHeader header(long number, Hash hash) {
    return new CheckedHeader(
        new BlockHeader(
            hash,
            hash(number - 1),
            Hash.ZERO,
            Address.ZERO,
            Hash.ZERO,
            Hash.ZERO,
            Hash.ZERO,
            Bytes.wrap(new byte[256]),
            BigInteger.ZERO,
            number,
            0,
            0,
            number,
            Bytes.EMPTY,
            Hash.ZERO,
            Bytes.wrap(new byte[8]),
            null,
            null,
            null,
            null,
            null,
            null,
            Set.of()),
        true);
  }
}

package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalLong;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import org.junit.jupiter.api.Test;

class ChainWindowTest {
  private final ChainWindow window =
      ChainWindow.of(List.of(block(10, "a"), block(11, "a"), block(12, "a")));

  @Test
  void tip_shouldBeSame() {
    assertThat(window.classify(block(12, "a"))).isEqualTo(new Step.Same());
  }

  @Test
  void childOfTip_shouldBeNext() {
    assertThat(window.classify(block(13, "a"))).isEqualTo(new Step.Next(block(13, "a")));
  }

  @Test
  void headFarAbove_shouldBeGap() {
    assertThat(window.classify(block(20, "b"))).isEqualTo(new Step.Gap(13, block(20, "b")));
  }

  @Test
  void otherBlockAtTheTipsHeight_shouldBeFork() {
    assertThat(window.classify(block(12, "b"))).isEqualTo(new Step.Fork(block(12, "b"), false));
  }

  @Test
  void childOfAnotherBlock_shouldBeFork() {
    assertThat(window.classify(block(13, "b"))).isEqualTo(new Step.Fork(block(13, "b"), false));
  }

  @Test
  void ownBlockBelowTheTip_shouldBeForkOnTheBranch() {
    assertThat(window.classify(block(11, "a"))).isEqualTo(new Step.Fork(block(11, "a"), true));
  }

  @Test
  void blockThatDoesNotFollow_shouldNotBePutOnTop() {
    assertThatThrownBy(() -> window.with(OptionalLong.empty(), List.of(block(13, "b"))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> window.with(OptionalLong.empty(), List.of(block(14, "a"))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void unwinding_shouldKeepTheBlocksBelowAndTakeTheNewOnes() {
    BlockPoint replacement = new BlockPoint(11, hash(11, "b"), hash(10, "a"), 22);

    ChainWindow after = window.with(OptionalLong.of(10), List.of(replacement));

    assertThat(after.tip()).contains(replacement);
    assertThat(after.at(10)).contains(block(10, "a"));
    assertThat(after.at(12)).isEmpty();
    assertThat(window.tip()).contains(block(12, "a"));
  }

  @Test
  void unwindingBelowTheBase_shouldLeaveNothing() {
    assertThat(window.with(OptionalLong.of(3), List.of()).isEmpty()).isTrue();
  }

  @Test
  void pruning_shouldNeverDropTheTip() {
    ChainWindow pruned = window.from(100);

    assertThat(pruned.base()).contains(block(12, "a"));
    assertThat(pruned.tip()).contains(block(12, "a"));
    assertThat(pruned.at(11)).isEmpty();
    assertThat(pruned.size()).isEqualTo(1);
  }

  private static BlockPoint block(long number, String branch) {
    return new BlockPoint(number, hash(number, branch), hash(number - 1, branch), number * 2);
  }

  private static Hash hash(long number, String branch) {
    return Keccak.hash(branch + number);
  }
}

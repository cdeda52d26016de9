package network.tachi.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import network.tachi.evm.rpc.BlockTag;
import org.junit.jupiter.api.Test;

class AnvilTest {
  @Test
  void anvil_shouldMineReorgAndEnd() {
    Anvil anvil = Anvil.start(AnvilOptions.BASE.withSlotsInEpoch(2));
    try (anvil) {
      assertThat(anvil.rpc().chainId()).isEqualTo(anvil.chain());
      anvil.mine(10);
      assertThat(anvil.rpc().blockNumber()).isEqualTo(10);
      assertThat(anvil.rpc().block(BlockTag.FINALIZED).orElseThrow().number()).isEqualTo(6);
      var before = anvil.rpc().blockByNumber(9).orElseThrow();
      anvil.reorg(3, List.of());
      assertThat(anvil.rpc().blockNumber()).isEqualTo(10);
      assertThat(anvil.rpc().blockByNumber(9).orElseThrow().hash()).isNotEqualTo(before.hash());
      assertThat(anvil.rpc().balance(anvil.account("a").address(), BlockTag.LATEST)).isPositive();
    }
    assertThat(ProcessHandle.of(anvil.pid()).filter(ProcessHandle::isAlive)).isEmpty();
  }
}

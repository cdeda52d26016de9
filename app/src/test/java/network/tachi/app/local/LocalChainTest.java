package network.tachi.app.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.testkit.Tools;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalChainTest {
  private static final int STARTS = 5;
  private static final int SLOTS = 4;
  private static final Address RICH = Address.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");

  @TempDir private Path folder;
  private LocalHome home;
  private LocalChain.Spec spec;

  @BeforeEach
  void prepare() throws IOException {
    home = new LocalHome(folder);
    home.create();
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      spec = new LocalChain.Spec("one", ChainId.of(84532), SLOTS, 60, socket.getLocalPort());
    }
  }

  @Test
  void chainStartedAgainAndAgain_shouldStayOneChainWithStateAndTime() {
    List<Hash> blocks = List.of();
    for (int start = 0; start < STARTS; start++) {
      try (LocalChain chain = start()) {
        List<Hash> now = hashes(chain);
        assertThat(now.subList(0, blocks.size())).isEqualTo(blocks);
        // More seconds than pass: the next start finds a chain ahead of the clock.
        chain.rpc().request("anvil_mine", "[\"0x10\"]");
        blocks = hashes(chain);

        assertThat(chain.rpc().balance(RICH, BlockTag.FINALIZED)).isPositive();
        assertThat(times(chain)).isSorted();
        assertThat(times(chain).getLast() - Instant.now().getEpochSecond())
            .isBetween(-5L, 16L * STARTS);
      }
    }
    assertThat(blocks).hasSizeGreaterThan(STARTS * 16);
  }

  @Test
  void forgottenChain_shouldBeAnotherOne() {
    try (LocalChain chain = start()) {
      chain.rpc().request("anvil_mine", "[\"0x10\"]");
    }
    RunFile run = RunFile.open(home.runFile());
    run.put("one.born", "1700000000").save();
    LocalChains.forget(home, run, List.of(spec));
    try (LocalChain chain = start()) {
      assertThat(chain.head()).isZero();
      assertThat(header(chain, 0).timestamp()).isGreaterThan(1_700_000_000);
    }
  }

  private LocalChain start() {
    return LocalChain.start(home, RunFile.open(home.runFile()), spec, Tools.foundry("anvil"));
  }

  private static List<Hash> hashes(LocalChain chain) {
    return headers(chain).map(BlockHeader::hash).toList();
  }

  private static List<Long> times(LocalChain chain) {
    return headers(chain).map(BlockHeader::timestamp).toList();
  }

  private static Stream<BlockHeader> headers(LocalChain chain) {
    return LongStream.rangeClosed(0, chain.head()).mapToObj(number -> header(chain, number));
  }

  private static BlockHeader header(LocalChain chain, long number) {
    return chain.rpc().block(BlockRef.number(number)).orElseThrow();
  }
}

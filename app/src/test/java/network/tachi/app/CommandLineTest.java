package network.tachi.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What a person sees who gets something wrong: one clear line, and an exit code that is not 0. */
class CommandLineTest {
  @TempDir Path state;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void useOwnState() {
    System.setProperty("tachi.state", state.toString());
  }

  @AfterEach
  void restore() {
    System.clearProperty("tachi.state");
  }

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "upp | did you mean up?",
        "up --frsh | did you mean --fresh?",
        "up --pace slow | --pace: expected calm or base, found slow",
        "up --port-offset x | port-offset",
        "up --port-offset 60000 | --port-offset: expected 0 to 50000, found 60000",
        "demo | start one with ./tachi up",
        "deploy | --network",
        "indexer verify | --network",
        "indexer verify --network local --database x --range 7 | --range: expected FIRST-LAST,"
            + " found 7",
        "indexer verify --network local --database x --range 7-6 | expected the lower block first",
        "deploy --network bse | network: bse: is unknown; did you mean base?",
        "deploy --network base | --signers is needed on a public network",
        "deploy --network base,sepolia | base,sepolia: is no pair",
        "deploy --network base --dry-run --check | give one of them"
      })
  void mistake_shouldGetOneLine(String arguments, String expected) {
    assertThat(run(arguments.split(" "))).isNotZero();
    assertThat(err.toString()).contains(expected).startsWith("tachi: ");
    assertThat(err.toString().strip().lines()).hasSize(1);
  }

  @Test
  void busyPort_shouldBeNamed() throws Exception {
    try (ServerSocket taken = listenAbove(8546)) {
      int offset = taken.getLocalPort() - 8545;
      assertThat(run("up", "--port-offset", Integer.toString(offset))).isNotZero();
      assertThat(err.toString()).contains("port " + taken.getLocalPort()).contains("in use");
    }
  }

  /** Listens on the first free port from here on. */
  private static ServerSocket listenAbove(int port) throws IOException {
    try {
      return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    } catch (BindException e) {
      return listenAbove(port + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "up --help",
        "demo --help",
        "deploy --help",
        "help up",
        "indexer verify --help"
      })
  void help_shouldExplain(String arguments) {
    assertThat(run(arguments.split(" "))).isZero();
    assertThat(out.toString()).contains("Usage: tachi");
  }

  @Test
  void unreachableDatabase_shouldBeOneLine() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertThat(
            run(
                "deploy",
                "--network",
                "local",
                "--database",
                "jdbc:postgresql://127.0.0.1:" + port + "/x"))
        .isNotZero();
    assertThat(err.toString().strip().lines()).hasSize(1);
  }
}

package network.tachi.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the process that runs everything, at random moments of the demo; then it is
 * started again, and the books must balance. {@code -Dtachi.kills=10} for the long run, {@code
 * -Dtachi.seed=N} to repeat one.
 */
class KilledProcessTest {
  private static final int KILLS = Integer.getInteger("tachi.kills", 2);
  private static final long LATEST_KILL_MS = 45_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;

  private final long seed = Long.getLong("tachi.seed", System.nanoTime());
  private final int offset = freeOffset(new Random(seed));

  @Test
  void killedAtRandomMoments_shouldKeepTheBooks() throws Exception {
    Random random = new Random(seed);
    Process up = command("up");
    try {
      awaitReady(up);
      for (int kill = 1; kill <= KILLS; kill++) {
        long moment = 1_000 + (long) (random.nextDouble() * LATEST_KILL_MS);
        String context = "seed " + seed + ", kill " + kill + " after " + moment + " ms";
        Process demo = command("demo");
        boolean ended = demo.waitFor(moment, TimeUnit.MILLISECONDS);
        up.destroyForcibly().waitFor();
        assertThat(ended && demo.exitValue() != 0)
            .as("%s: the demo failed before the kill: %s", context, log("demo"))
            .isFalse();
        assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(context).isTrue();
        up = command("up");
        awaitReady(up);
        assertThat(log("up"))
            .as(context)
            .contains("adopted both chains")
            .contains("adopted PostgreSQL");
        Process books = command("demo", "--books");
        assertThat(books.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(context).isTrue();
        assertThat(books.exitValue()).as("%s: %s", context, log("demo")).isZero();
      }
      Process demo = command("demo");
      assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(demo.exitValue()).as("seed %d: %s", seed, log("demo")).isZero();
    } finally {
      up.destroy();
      assertThat(up.waitFor(60, TimeUnit.SECONDS)).as("orderly stop").isTrue();
    }
    assertThat(ProcessHandle.allProcesses().filter(this::isChild).map(ProcessHandle::info))
        .as("children left behind")
        .isEmpty();
  }

  private boolean isChild(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains(folder.toString());
  }

  private Process command(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--port-offset", Integer.toString(offset)));
    return CommandProcess.start(folder, Map.of(), all.toArray(String[]::new));
  }

  private String log(String name) throws IOException {
    return CommandProcess.said(folder, name);
  }

  private void awaitReady(Process up) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    URI ready = URI.create("http://127.0.0.1:" + (9090 + offset) + "/ready");
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (true) {
        assertThat(up.isAlive()).as("seed %d: %s", seed, log("up")).isTrue();
        assertThat(System.nanoTime())
            .as("seed %d: not ready: %s", seed, log("up"))
            .isLessThan(deadline);
        try {
          HttpResponse<Void> answer =
              client.send(
                  HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding());
          if (answer.statusCode() == 200 && log("up").contains("Tachi is up")) {
            return;
          }
        } catch (IOException e) {
          assertThat(e).isNotNull();
        }
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
  }

  /** An offset at which every port is free. */
  private static int freeOffset(Random random) {
    int[] ports = {8545, 8546, 5442, 8402, 8080, 8081, 9090, 8403};
    while (true) {
      int offset = 10_000 + random.nextInt(30_000);
      boolean free = true;
      for (int port : ports) {
        free &= isFree(port + offset);
      }
      if (free) {
        return offset;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}

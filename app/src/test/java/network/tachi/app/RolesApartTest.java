package network.tachi.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import network.tachi.app.demo.Demo;
import network.tachi.app.demo.DemoChain;
import network.tachi.app.demo.DemoWorld;
import network.tachi.app.local.DemoSite;
import network.tachi.app.local.LocalAccount;
import network.tachi.app.local.LocalHome;
import network.tachi.app.local.LocalNetwork;
import network.tachi.app.local.Ports;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;
import network.tachi.store.Migrations;
import network.tachi.testkit.Tools;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each role in a process of its own, with its own login and only its own keys. */
class RolesApartTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;

  private final StringWriter said = new StringWriter();
  private final Console console = new Console(new PrintWriter(said, true));
  private final Map<String, Process> roles = new LinkedHashMap<>();

  @Test
  void fourProcesses_shouldRunTheDemoAndStopInOrder() throws Exception {
    Ports ports = FreePorts.take();
    try (LocalNetwork network =
            LocalNetwork.start(
                new LocalNetwork.Options(
                    Tools.repository(),
                    new LocalHome(folder),
                    ports,
                    LocalNetwork.Pace.CALM,
                    false),
                console);
        DemoSite _ = DemoSite.start(ports.site());
        Database owner = Database.open(network.database(), DatabaseRole.OWNER, 3)) {
      // Each login gets a password of its own, so that no role can use another's.
      Migrations.migrate(
          new DatabaseSettings(network.database().jdbcUrl(), passwords(network.database())));
      try {
        startAll(network, ports);
        assertThat(new Demo(world(network, ports, owner), console).run())
            .as(() -> said + logged())
            .isTrue();
      } finally {
        stopAll();
      }
      roles.forEach((name, role) -> assertThat(role.exitValue()).as(name).isIn(0, 143));
      assertStoreIsVerified(network, owner);
    }
  }

  /**
   * The command finds nothing in what the demo left behind, and then what somebody changed; a
   * replay of the stored logs mends that.
   */
  private void assertStoreIsVerified(LocalNetwork network, Database owner) throws Exception {
    long chain = network.network().settlement().chain().value();
    Object head =
        owner
            .dsl()
            .fetchValue("SELECT head_number FROM chain.checkpoint WHERE chain_id = ?", chain);
    String range = "1-" + head;
    assertThat(verify(network, range)).as(this::verifySaid).isZero();
    assertThat(verifySaid()).contains(" to " + head + ", ", "are as on the chain");

    Record changed =
        owner
            .dsl()
            .fetchSingle(
                """
                UPDATE chain_v1.payment_made SET amount = amount + 1
                 WHERE chain_id = {0} AND (block_number, log_index) =
                       (SELECT block_number, log_index FROM chain_v1.payment_made
                         WHERE chain_id = {0} ORDER BY 1, 2 LIMIT 1)
                RETURNING block_number, log_index, amount
                """,
                DSL.val(chain));
    BigDecimal found = changed.get(2, BigDecimal.class);
    assertThat(verify(network, range)).as(this::verifySaid).isEqualTo(1);
    assertThat(verifySaid())
        .contains(
            "payment_made block %s log %s amount: expected %s, found %s"
                .formatted(changed.get(0), changed.get(1), found.subtract(BigDecimal.ONE), found))
        .contains("block_digest block " + changed.get(0) + " digest");

    assertThat(command(network, "replay")).as(this::verifySaid).isZero();
    assertThat(verifySaid()).contains("made again from the stored logs up to block " + head);
    assertThat(verify(network, range)).as(this::verifySaid).isZero();
  }

  private int verify(LocalNetwork network, String range) throws Exception {
    return command(
        network, "verify", "--chain", network.network().settlement().key(), "--range", range);
  }

  private int command(LocalNetwork network, String command, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("indexer", command, "--network", "local"));
    arguments.addAll(List.of("--database", network.database().jdbcUrl()));
    arguments.addAll(List.of(more));
    Process process =
        CommandProcess.start(
            folder,
            Map.of(
                "TACHI_DB_PASSWORD",
                password(DatabaseRole.INDEXER),
                "TACHI_LOCAL_BASE_RPC",
                network.base().uri().toString(),
                "TACHI_LOCAL_ETHEREUM_RPC",
                network.ethereum().uri().toString()),
            arguments.toArray(String[]::new));
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private String logged() {
    try {
      return log();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String verifySaid() {
    try {
      return CommandProcess.said(folder, "indexer");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void missingDeployment_shouldBeSaidInOneLine() throws Exception {
    Process role =
        CommandProcess.start(
            folder,
            Map.of("TACHI_DB_PASSWORD", "secret"),
            "indexer",
            "--network",
            "base,ethereum",
            "--database",
            "jdbc:postgresql://127.0.0.1:1/tachi");
    assertThat(role.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(role.exitValue()).isEqualTo(1);
    assertThat(CommandProcess.said(folder, "indexer").lines())
        .singleElement()
        .asString()
        .contains("no addresses of base,ethereum")
        .contains("./tachi deploy");
  }

  @Test
  void wrongKey_shouldBeSaidInOneLineWithoutIt() throws Exception {
    Process role =
        CommandProcess.start(
            folder,
            Map.of("TACHI_DB_PASSWORD", "secret", "KEY", "0xnot a key"),
            "gateway",
            "--network",
            "local",
            "--database",
            "jdbc:postgresql://127.0.0.1:1/tachi",
            "--oracle",
            at(1),
            "--key",
            "env:KEY",
            "--origin",
            "*=http://" + at(1));
    assertThat(role.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(role.exitValue()).isEqualTo(1);
    assertThat(CommandProcess.said(folder, "gateway").lines())
        .singleElement()
        .asString()
        .contains("--key", "env:KEY", "64 hex digits")
        .doesNotContain("not a key");
  }

  private static Map<DatabaseRole, String> passwords(DatabaseSettings settings) {
    Map<DatabaseRole, String> own = new HashMap<>(settings.passwords());
    for (DatabaseRole role : DatabaseRole.values()) {
      if (role != DatabaseRole.OWNER) {
        own.put(role, password(role));
      }
    }
    return own;
  }

  private static String password(DatabaseRole role) {
    return "only for " + role;
  }

  private void startAll(LocalNetwork network, Ports ports) throws Exception {
    Ports admin = FreePorts.take();
    start(network, DatabaseRole.INDEXER, "indexer", admin.admin());
    start(
        network,
        DatabaseRole.ORACLE,
        "oracle",
        admin.oracle(),
        "--listen",
        at(ports.oracle()),
        "--attestation-key",
        key(LocalAccount.ATTESTATION),
        "--root-keys",
        LocalAccount.rootSigners().stream()
            .map(RolesApartTest::key)
            .collect(Collectors.joining(",")),
        "--settlement-key",
        key(LocalAccount.ORACLE_BASE),
        "--anchor-key",
        key(LocalAccount.ORACLE_ETHEREUM),
        "--epoch-length",
        "5",
        "--max-idle",
        "60",
        "--bond-top-up",
        "1000",
        "--watermarks",
        Files.createDirectories(folder.resolve("watermarks")).toString());
    start(
        network,
        DatabaseRole.QUERY_API,
        "query-api",
        admin.queryApi(),
        "--listen",
        at(ports.queryApi()));
    start(
        network,
        DatabaseRole.GATEWAY,
        "gateway",
        admin.gateway(),
        "--listen",
        at(ports.gateway()),
        "--scheme",
        "http",
        "--oracle",
        at(ports.oracle()),
        "--key",
        key(LocalAccount.GATEWAY_BASE),
        "--origin",
        "*=http://" + at(ports.site()));
    for (int port : List.of(admin.admin(), admin.oracle(), admin.queryApi(), admin.gateway())) {
      awaitReady(port);
    }
  }

  private void start(
      LocalNetwork network, DatabaseRole role, String command, int adminPort, String... more)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(command, "--network", "local"));
    arguments.addAll(List.of("--database", network.database().jdbcUrl()));
    arguments.addAll(List.of("--admin", at(adminPort)));
    arguments.addAll(List.of(more));
    Map<String, String> environment = new HashMap<>();
    environment.put("TACHI_DB_PASSWORD", password(role));
    environment.put("TACHI_LOCAL_BASE_RPC", network.base().uri().toString());
    environment.put("TACHI_LOCAL_ETHEREUM_RPC", network.ethereum().uri().toString());
    for (LocalAccount account : LocalAccount.values()) {
      environment.put(account.name(), "0x" + HexFormat.of().formatHex(account.key().toBytes()));
    }
    roles.put(command, CommandProcess.start(folder, environment, arguments.toArray(String[]::new)));
  }

  private static String at(int port) {
    return "127.0.0.1:" + port;
  }

  private static String key(LocalAccount account) {
    return "env:" + account.name();
  }

  private void awaitReady(int port) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    URI ready = URI.create("http://" + at(port) + "/ready");
    try (HttpClient client = HttpClient.newHttpClient()) {
      int status = 0;
      while (status != 200) {
        assertThat(System.nanoTime()).as("not ready: %s", log()).isLessThan(deadline);
        assertThat(roles.values()).as("a role ended: %s", log()).allMatch(Process::isAlive);
        try {
          status =
              client
                  .send(
                      HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding())
                  .statusCode();
        } catch (IOException e) {
          assertThat(e).isNotNull();
        }
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
  }

  private String log() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String role : roles.keySet()) {
      all.append(role).append(": ").append(CommandProcess.said(folder, role)).append('\n');
    }
    return all.toString();
  }

  private void stopAll() throws InterruptedException {
    roles.values().forEach(Process::destroy);
    for (Process role : roles.values()) {
      if (!role.waitFor(30, TimeUnit.SECONDS)) {
        role.destroyForcibly();
      }
    }
  }

  private static DemoWorld world(LocalNetwork network, Ports ports, Database owner) {
    return new DemoWorld(
        "apart",
        new DemoChain(network.network().settlement(), network.base().rpc()),
        new DemoChain(network.network().anchor(), network.ethereum().rpc()),
        URI.create("http://" + at(ports.gateway())),
        URI.create("http://" + at(ports.queryApi())),
        LocalAccount.REGISTRAR.signer(),
        LocalAccount.FAUCET.signer(),
        owner.dsl());
  }
}

package network.tachi.app.local;

import java.net.URI;
import java.time.Duration;
import network.tachi.app.Console;
import network.tachi.app.UserError;
import network.tachi.app.role.Endpoint;
import network.tachi.app.role.RoleProcess;
import network.tachi.gateway.GatewayConfig;
import network.tachi.gateway.Origins;
import network.tachi.oracle.OracleConfig;
import network.tachi.oracle.OracleKeys;

/** All roles of the local network in one process, with its well-known keys, and the demo's site. */
public final class LocalRoles implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RoleProcess process;

  private LocalRoles(RoleProcess process) {
    this.process = process;
  }

  /** Starts every role; they are ready a little later. */
  public static LocalRoles start(LocalNetwork local, Ports ports, LocalHome home) {
    LocalRoles roles = new LocalRoles(new RoleProcess(local.network(), local.database()));
    boolean done = false;
    try {
      roles.startAll(local, ports, home);
      done = true;
      return roles;
    } finally {
      if (!done) {
        roles.close();
      }
    }
  }

  private void startAll(LocalNetwork local, Ports ports, LocalHome home) {
    process.indexer();
    process.oracle(OracleConfig.local(home.oracle()), oracleKeys(), at(ports.oracle()));
    process.queryApi(at(ports.queryApi()));
    process.keep(DemoSite.start(ports.site()));
    Origins origins = Origins.forAll(URI.create("http://" + at(ports.site())));
    process.gateway(
        GatewayConfig.of(local.network(), origins, at(ports.oracle()).toString())
            .listen(LOOPBACK, ports.gateway()),
        LocalAccount.GATEWAY_BASE.signer());
    process.admin(at(ports.admin()));
  }

  private static OracleKeys oracleKeys() {
    return new OracleKeys(
        1,
        LocalAccount.signerConfig().threshold(),
        LocalAccount.ATTESTATION.signer(),
        LocalAccount.rootSigners().stream().map(LocalAccount::signer).toList(),
        LocalAccount.ORACLE_BASE.signer(),
        LocalAccount.ORACLE_ETHEREUM.signer());
  }

  private static Endpoint at(int port) {
    return new Endpoint(LOOPBACK, port);
  }

  /**
   * Waits until every role is ready.
   *
   * @throws UserError if one is not within a minute; the message says which and why
   */
  public void awaitReady(Console console) {
    process.awaitReady(PATIENCE);
    console.step("indexer, oracle, gateway and query API are ready");
  }

  /** Stops the roles, last started first. */
  @Override
  public void close() {
    process.close();
  }
}

package network.tachi.app.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.tachi.app.Console;
import network.tachi.app.UserError;
import network.tachi.chainconfig.ChainCheck;
import network.tachi.chainconfig.Deployment;
import network.tachi.chainconfig.Network;
import network.tachi.evm.ChainId;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;
import network.tachi.store.EmbeddedDatabase;
import network.tachi.store.EmbeddedOptions;
import network.tachi.store.Migrations;
import network.tachi.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL and two chains with all contracts, as children of this process. What an earlier start
 * left running is adopted; what it stopped in order is loaded again; a lost chain means that chains
 * and database start over together, because rows about a chain that is gone would be lies.
 */
public final class LocalNetwork implements AutoCloseable {
  /** The network's name. */
  public static final String NAME = "local";

  /** How fast the settlement chain makes blocks when there is nothing to do. */
  public enum Pace {
    /** Every 2 s: cheap, for everyday use. */
    CALM(2.0),
    /** Every 200 ms, as Base does. */
    BASE(0.2);

    private final double seconds;

    Pace(double seconds) {
      this.seconds = seconds;
    }
  }

  /**
   * What to start.
   *
   * @param repository where the npm tools are
   * @param home holds all state
   * @param ports where to listen
   * @param pace of the settlement chain
   * @param fresh whether to forget an earlier start
   */
  public record Options(Path repository, LocalHome home, Ports ports, Pace pace, boolean fresh) {}

  private static final int BASE_SLOTS = 32;
  private static final int ETHEREUM_SLOTS = 2;
  private static final double ETHEREUM_BLOCK_SECONDS = 4.0;

  private final FileChannel lock;
  private final EmbeddedDatabase postgres;
  private final LocalChains chains;
  private final Network network;

  private LocalNetwork(
      FileChannel lock, EmbeddedDatabase postgres, LocalChains chains, Network network) {
    this.lock = lock;
    this.postgres = postgres;
    this.chains = chains;
    this.network = network;
  }

  /**
   * Starts or adopts everything and deploys what is missing.
   *
   * @throws UserError if a local network is up already, a port is busy, or a tool is missing
   */
  public static LocalNetwork start(Options options, Console console) {
    try {
      return tryStart(options, console);
    } catch (ContractsChangedException e) {
      console.step(
          "the contracts were built anew since the last start: chains and database start over");
      return tryStart(
          new Options(options.repository(), options.home(), options.ports(), options.pace(), true),
          console);
    }
  }

  /**
   * Contracts stand at other addresses than at the last start, so what was indexed is of others.
   */
  private static final class ContractsChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static LocalNetwork tryStart(Options options, Console console) {
    LocalHome home = options.home();
    home.create();
    FileChannel lock = lock(home);
    @Nullable EmbeddedDatabase postgres = null;
    @Nullable LocalChains chains = null;
    boolean done = false;
    try {
      RunFile run = RunFile.open(home.runFile());
      List<LocalChain.Spec> specs = specs(options);
      LocalChains.Origin origin = origin(options, run, specs, console);
      if (origin == LocalChains.Origin.NEW || origin == LocalChains.Origin.LOST) {
        forget(home, run, specs, options.ports());
      }
      postgres = postgres(home, options.ports());
      console.step(
          (postgres.isAdopted() ? "adopted" : "started")
              + " PostgreSQL on port "
              + postgres.port());
      Migrations.migrate(postgres.settings());
      Path anvil = Executables.foundry(options.repository(), "anvil");
      chains = LocalChains.start(home, run, specs, anvil, origin, console);
      Network network = deploy(home, postgres.settings(), chains, console);
      LocalNetwork local = new LocalNetwork(lock, postgres, chains, network);
      done = true;
      return local;
    } finally {
      if (!done) {
        close(lock, postgres, chains);
      }
    }
  }

  private static List<LocalChain.Spec> specs(Options options) {
    return List.of(
        new LocalChain.Spec(
            "local-base",
            ChainId.BASE_SEPOLIA,
            BASE_SLOTS,
            options.pace().seconds,
            options.ports().base()),
        new LocalChain.Spec(
            "local-ethereum",
            ChainId.SEPOLIA,
            ETHEREUM_SLOTS,
            ETHEREUM_BLOCK_SECONDS,
            options.ports().ethereum()));
  }

  private static LocalChains.Origin origin(
      Options options, RunFile run, List<LocalChain.Spec> specs, Console console) {
    if (options.fresh()) {
      console.step("starting over: chains and database of earlier starts are forgotten");
      return LocalChains.Origin.NEW;
    }
    LocalChains.Origin found = LocalChains.look(options.home(), run, specs);
    boolean chainsKept = found == LocalChains.Origin.ADOPTED || found == LocalChains.Origin.LOADED;
    if (chainsKept && !Files.exists(options.home().postgres().resolve("data"))) {
      console.step("the database is gone: chains and database start over");
      return LocalChains.Origin.LOST;
    }
    if (found == LocalChains.Origin.LOST) {
      console.step("a chain was lost since the last start: chains and database start over");
    }
    return found;
  }

  private static void forget(
      LocalHome home, RunFile run, List<LocalChain.Spec> specs, Ports ports) {
    LocalChains.forget(home, run, specs);
    if (Files.exists(home.postgres().resolve("data"))) {
      // Adopting it first is what makes sure that a running server of ours is stopped, and no
      // other.
      postgres(home, ports).close();
      LocalHome.delete(home.postgres().resolve("data"));
    }
    LocalHome.delete(home.oracle());
    LocalHome.delete(Network.deploymentFile(home.deployments(), NAME));
    home.create();
  }

  private static EmbeddedDatabase postgres(LocalHome home, Ports ports) {
    try {
      return EmbeddedDatabase.start(EmbeddedOptions.in(home.postgres()).withPort(ports.postgres()));
    } catch (StoreException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    }
  }

  private static Network deploy(
      LocalHome home, DatabaseSettings settings, LocalChains chains, Console console) {
    LocalChain base = chains.get(0);
    LocalChain ethereum = chains.get(1);
    Network bare =
        Network.bare(NAME, Map.of())
            .withRpc(base.spec().key(), base.endpoints())
            .withRpc(ethereum.spec().key(), ethereum.endpoints());
    try (Database database = Database.open(settings, DatabaseRole.DEPLOY, 6)) {
      Path file = Network.deploymentFile(home.deployments(), NAME);
      Optional<Deployment> before =
          Files.exists(file) ? Optional.of(Deployment.read(file)) : Optional.empty();
      Deployment deployment =
          new LocalDeployment(bare, base.rpc(), ethereum.rpc(), database, console).run(file);
      if (before.isPresent() && !before.get().equals(deployment)) {
        throw new ContractsChangedException();
      }
      Network network = bare.with(deployment);
      ChainCheck.run(network.settlement(), base.rpc());
      ChainCheck.run(network.anchor(), ethereum.rpc());
      return network;
    }
  }

  private static FileChannel lock(LocalHome home) {
    try {
      FileChannel channel =
          FileChannel.open(
              home.lockFile(),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      Optional<FileLock> lock = tryLock(channel);
      if (lock.isEmpty()) {
        channel.close();
        throw new UserError(
            "a local network is already up in this folder; stop it with Ctrl-C first, or use it:"
                + " ./tachi demo");
      }
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + home.lockFile(), e);
    }
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    }
  }

  /** Chains and contracts. */
  public Network network() {
    return network;
  }

  /** Address and passwords of the database. */
  public DatabaseSettings database() {
    return postgres.settings();
  }

  /** The settlement chain. */
  public LocalChain base() {
    return chains.get(0);
  }

  /** The anchor chain. */
  public LocalChain ethereum() {
    return chains.get(1);
  }

  /** Stops the chains, which write their state, then PostgreSQL. */
  @Override
  public void close() {
    close(lock, postgres, chains);
  }

  private static void close(
      FileChannel lock, @Nullable EmbeddedDatabase postgres, @Nullable LocalChains chains) {
    try (lock) {
      if (chains != null) {
        chains.close();
      }
      if (postgres != null) {
        postgres.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release the lock of the local network", e);
    }
  }
}

package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import io.grpc.BindableService;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import network.tachi.chainconfig.Network;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.server.Readiness;
import network.tachi.store.Database;
import network.tachi.store.feed.FeedBell;
import network.tachi.store.feed.FeedSource;
import network.tachi.tx.TxSender;
import org.jspecify.annotations.Nullable;

/**
 * The oracle. It takes reports by {@code tachi.v1.UsageService} once it holds the log's lease;
 * until then, and when something it needs is away, it is not ready and says why.
 */
public final class OracleRole implements AutoCloseable {
  private static final Logger LOG = System.getLogger(OracleRole.class.getName());

  /** The index grows older without any commit. */
  private static final Duration INDEX_RHYTHM = Duration.ofSeconds(1);

  private final OracleParts parts;
  private final Repeater conductor;
  private final Repeater answerer;
  private final Repeater heart;
  private final Database database;
  private volatile String waiting = "not started";
  private @Nullable FeedBell indexBell;

  private OracleRole(OracleConfig config, Database database, OracleParts parts) {
    this.parts = parts;
    this.database = database;
    this.conductor = new Repeater("oracle-conductor", config.tick(), this::conduct);
    this.answerer = new Repeater("oracle-demands", config.tick(), parts.answerer()::look);
    this.heart = new Repeater("oracle-lease", config.leaseLife().dividedBy(4), this::beat);
  }

  /**
   * Puts an oracle together; {@link #start} makes it work.
   *
   * @param network with the addresses of its contracts
   * @param database of the role {@code ORACLE}
   * @param settlement a node of the settlement chain
   * @param anchor a node of the anchor chain
   */
  public static OracleRole create(
      OracleConfig config,
      OracleKeys keys,
      Network network,
      Database database,
      EthRpc settlement,
      EthRpc anchor,
      MeterRegistry meters,
      InstantSource clock) {
    requireNonNull(config, "config is null");
    return new OracleRole(
        config,
        database,
        OracleParts.assemble(
            config, keys, network, database, settlement, anchor, meters, clock, Secp256k1.best()));
  }

  /** The gRPC service to serve. */
  public BindableService usageService() {
    return parts.service();
  }

  /**
   * Whether reports are taken; on credit, none are by an old index. That epochs wait is no reason
   * to refuse them; see {@link #warnings}.
   */
  public Readiness readiness() {
    return Readiness.create()
        .check("lease", () -> state("not_leading", waiting))
        .check("log", () -> state("log_unavailable", parts.sequencer().trouble().orElse("")))
        .check("index", () -> state(IndexFreshRule.CODE, parts.index().trouble()));
  }

  /** What an operator should look at while reports are taken; none if all is well. */
  public List<Warning> warnings() {
    List<Warning> warnings = new ArrayList<>();
    parts.conductor().warning().ifPresent(warnings::add);
    parts.answerer().warning().ifPresent(warnings::add);
    for (TxSender sender : List.of(parts.settlementSender(), parts.anchorSender())) {
      if (!sender.trouble().isEmpty()) {
        warnings.add(new Warning(Warning.SENDER_WAITING, sender.trouble()));
      }
    }
    return List.copyOf(warnings);
  }

  private static Readiness.State state(String reason, String detail) {
    return detail.isEmpty() ? Readiness.State.ready() : Readiness.State.notReady(reason, detail);
  }

  /** Starts to ask for the lease; once it is held, everything else starts. */
  public void start() {
    waiting = "another oracle holds the log's lease";
    heart.start();
    indexBell =
        FeedBell.start(
            "oracle-index",
            database,
            List.of(FeedSource.of(parts.deployment().settlementChain())),
            INDEX_RHYTHM,
            parts.index()::look);
  }

  private void beat() {
    try {
      if (!waiting.isEmpty()) {
        lead();
      } else {
        parts.lease().renew();
      }
    } catch (OracleStartException e) {
      if (!waiting.equals(e.getMessage())) {
        LOG.log(Level.ERROR, "the oracle can't start: {0}", e.getMessage());
      }
      waiting = String.valueOf(e.getMessage());
      parts.lease().release();
    } catch (LeaseLostException e) {
      LOG.log(Level.ERROR, "another oracle took over; this one stops", e);
      waiting = "another oracle took over";
      heart.stop();
      conductor.stop();
      answerer.stop();
      parts.stopLeading();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the lease can't be renewed now: {0}", e.getMessage());
    }
  }

  private void lead() {
    if (parts.lease().tryTake().isEmpty()) {
      return;
    }
    parts.openLog();
    parts.startSenders();
    parts.sequencer().start();
    conductor.start();
    answerer.start();
    waiting = "";
  }

  private void conduct() {
    try {
      parts.conductor().step();
    } catch (RuntimeException e) {
      parts.conductor().failed(e);
    }
    parts.metrics().warnings(warnings());
  }

  /** Stops; what is under way stays in the database for the next start. */
  @Override
  public void close() {
    if (indexBell != null) {
      indexBell.close();
    }
    heart.stopAndWait();
    conductor.stopAndWait();
    answerer.stopAndWait();
    parts.stopLeading();
    parts.lease().release();
  }
}

package network.tachi.oracle;

import io.grpc.BindableService;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractName;
import network.tachi.chainconfig.Network;
import network.tachi.contracts.call.PaymentProcessorCalls;
import network.tachi.evm.Address;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.store.Database;
import network.tachi.tx.AlreadyDone;
import network.tachi.tx.Outbox;
import network.tachi.tx.TxSender;

/** The parts of one oracle, put together. */
record OracleParts(
    OracleStore store,
    LogLease lease,
    LogTable log,
    EpochTable epochs,
    LedgerReader ledger,
    Rewinder rewinder,
    BatchWriter batches,
    Sequencer sequencer,
    Conductor conductor,
    DemandAnswerer answerer,
    OracleMetrics metrics,
    IndexWatch index,
    TxSender settlementSender,
    TxSender anchorSender,
    Deployment deployment,
    BindableService service) {

  static OracleParts assemble(
      OracleConfig config,
      OracleKeys keys,
      Network network,
      Database database,
      EthRpc settlement,
      EthRpc anchor,
      MeterRegistry meters,
      InstantSource clock,
      Secp256k1 curve) {
    Deployment deployment = deployment(network, keys);
    OracleMetrics metrics = new OracleMetrics(meters);
    String holder = "oracle-" + ProcessHandle.current().pid();
    LogLease lease = new LogLease(database.dsl(), holder, config.leaseLife());
    OracleStore store = new OracleStore(database.dsl(), lease);
    LogTable log = new LogTable();
    EpochTable epochs = new EpochTable();
    LedgerReader ledger = new LedgerReader(settlement, anchor, deployment);
    VoucherSigners signers = new VoucherSigners(deployment.settlementChain(), ledger::escrowTimes);
    LogWriter writer =
        new LogWriter(
            log, deployment.settlementChain(), signers, keys.attestation().address(), clock);
    BatchWriter batches =
        new BatchWriter(
            store,
            log,
            writer,
            SequencerRule.all(config.maxIndexAge(), ledger::escrowTimes),
            new RetiredTail(store, log, writer, epochs, keys.configVersion()),
            new AttestationKey(
                keys.configVersion(), deployment.meteringDomain(), keys.attestation()),
            WatermarkFile.open(config.watermarkDirectory(), deployment.id()));
    Sequencer sequencer = new Sequencer(batches, metrics, config.maxBatch(), config.maxQueued());
    FactsReader facts =
        new FactsReader(
            store,
            log,
            deployment.settlementChain(),
            signers,
            evidence(network.settlement(), settlement));
    List<RootSigner> roots =
        keys.roots().stream()
            .<RootSigner>map(
                key -> new LocalRootSigner(key, deployment, store, log, epochs, ledger))
            .toList();
    Outbox outbox = new Outbox(database.dsl(), database.role().schema());
    Poster poster =
        new Poster(
            store,
            epochs,
            ledger,
            new HeaderSigning(store, epochs, deployment, roots, clock),
            new BondKeeper(
                store,
                outbox,
                settlement,
                ledger,
                deployment,
                network.settlement().usdc().address(),
                keys.settlementSender().address(),
                config.bondTopUp(),
                clock),
            new Attempts(outbox, clock),
            deployment);
    Rewinder rewinder = new Rewinder(store, log, writer, epochs, deployment);
    EpochCloser closer =
        new EpochCloser(
            store,
            log,
            epochs,
            facts,
            signers,
            ledger::escrowTimes,
            deployment,
            new EpochCloser.Pace(config.epochLength(), config.maxIdle()));
    Conductor conductor =
        new Conductor(
            store,
            log,
            epochs,
            ledger,
            sequencer,
            batches,
            rewinder,
            closer,
            poster,
            deployment,
            metrics);
    DemandAnswerer answerer =
        new DemandAnswerer(
            store,
            new DemandTable(deployment.settlementChain()),
            new DemandAnswers(store, log, epochs, new VoucherTable(deployment.settlementChain())),
            ledger,
            new Attempts(outbox, clock),
            deployment,
            keys.settlementSender().address(),
            metrics,
            clock);
    Intake intake =
        new Intake(
            new EntryParser(deployment.creditDomain(), curve),
            facts,
            IntakeRule.all(),
            sequencer,
            metrics);
    return new OracleParts(
        store,
        lease,
        log,
        epochs,
        ledger,
        rewinder,
        batches,
        sequencer,
        conductor,
        answerer,
        metrics,
        new IndexWatch(
            store,
            new IndexAge(deployment.settlementChain(), clock),
            new IndexFreshRule(config.maxIndexAge()),
            metrics),
        new TxSender(
            outbox,
            database.dataSource(),
            deployment.settlementChain(),
            settlement,
            keys.settlementSender(),
            config.settlementPolicy(),
            (kind, key) ->
                switch (kind) {
                  case Poster.POST -> poster.isPosted(key);
                  case DemandAnswerer.ANSWER -> answerer.isAnswered(key);
                  default -> false;
                },
            clock),
        new TxSender(
            outbox,
            database.dataSource(),
            deployment.anchorChain(),
            anchor,
            keys.anchorSender(),
            config.anchorPolicy(),
            AlreadyDone.NEVER,
            clock),
        deployment,
        new UsageGrpcService(intake, facts, metrics));
  }

  private static Deployment deployment(Network network, OracleKeys keys) {
    ChainSettings settlement = network.settlement();
    ChainSettings anchor = network.anchor();
    return new Deployment(
        settlement.chain(),
        settlement.address(ContractName.METERING_LEDGER),
        settlement.address(ContractName.CREDIT_ESCROW),
        anchor.chain(),
        anchor.address(ContractName.HEADER_ANCHOR),
        keys.signerConfig());
  }

  private static PaymentEvidence evidence(ChainSettings chain, EthRpc rpc) {
    Address processor = chain.address(ContractName.PAYMENT_PROCESSOR);
    return new PaymentEvidence(
        rpc,
        chain.usdc().address(),
        processor,
        license -> PaymentProcessorCalls.vaultOf(license).ask(rpc, processor, BlockTag.LATEST));
  }

  /**
   * Makes sure that this oracle may go on with the log, and starts the first generation of a new
   * one.
   *
   * @throws OracleStartException if the chain and the database don't belong together, or the keys
   *     are not those on chain
   */
  void openLog() {
    LedgerReader.Head head =
        ledger
            .head(BlockTag.LATEST)
            .orElseThrow(() ->
                new OracleStartException(
                    "there is no MeteringLedger at " + deployment.meteringLedger()));
    if (!ledger.configDigest(BlockTag.LATEST).equals(deployment.configDigest())) {
      throw new OracleStartException(
          "the signer configuration in force on chain "
              + deployment.settlementChain()
              + " is not that of this oracle's keys");
    }
    if (ledger.isKeyDropped(deployment.config().attestationKey())) {
      throw new OracleStartException(
          "the attestation key "
              + deployment.config().attestationKey()
              + " was proven to have lied; a new signer configuration is needed");
    }
    if (store.read(log::generation).isEmpty()) {
      if (head.lastPosted() != 0) {
        throw new OracleStartException(
            "the ledger holds "
                + head.lastPosted()
                + " epochs, but the database holds no log; it is not the one they were made from");
      }
      store.commit(tx -> {
        log.startGeneration(tx, head.generation(), 0, 0);
        return head.generation();
      });
    }
  }

  void startSenders() {
    settlementSender.start();
    anchorSender.start();
  }

  void stopLeading() {
    sequencer.close();
    settlementSender.close();
    anchorSender.close();
  }
}

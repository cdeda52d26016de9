package network.tachi.app;

import java.util.concurrent.Callable;
import network.tachi.app.role.RoleProcess;
import network.tachi.store.DatabaseRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the indexer in a process of its own. */
@Command(
    name = "indexer",
    header = "Follows both chains of a network into the database.",
    description = {
      "Runs until Ctrl-C. A second one waits as standby for each chain and takes over when the"
          + " first is gone."
    },
    subcommands = {
      IndexerVerifyCommand.class,
      ReplayCommand.class,
      DeployProjectionCommand.class,
      RollbackProjectionCommand.class,
      DropProjectionsCommand.class
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  ./tachi indexer --network base,ethereum --database jdbc:postgresql://db:5432/tachi"
    })
final class IndexerCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private RoleOptions options = new RoleOptions();

  /** The options, for what is done with an index besides filling it. */
  RoleOptions options() {
    return options;
  }

  @Override
  public Integer call() throws Exception {
    Console console = new Console(spec.commandLine().getOut());
    try (StopSignal signal = StopSignal.listen()) {
      try (RoleProcess process =
          new RoleProcess(options.network(), options.database(DatabaseRole.INDEXER))) {
        process.keep(ProgressDisplay.of(process.indexer()::progress, console));
        options.serve(process, "The indexer follows both chains", console, signal);
        return 0;
      }
    }
  }
}

package network.tachi.app;

import java.util.concurrent.Callable;
import network.tachi.indexer.ProjectionDeploy;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lets readers see the projection that they saw before. */
@Command(
    name = "rollback-projection",
    header = "Lets readers see the projection that they saw before the last deploy.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  ./tachi indexer rollback-projection --network base,ethereum --database"
          + " jdbc:postgresql://db:5432/tachi"
    })
final class RollbackProjectionCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private IndexerCommand parent;

  @Override
  public Integer call() {
    try (Database database =
        Database.open(parent.options().database(DatabaseRole.INDEXER), DatabaseRole.INDEXER, 2)) {
      new Console(spec.commandLine().getOut())
          .line("Readers see " + new ProjectionDeploy(database).rollBack());
      return 0;
    }
  }
}

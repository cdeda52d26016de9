package network.tachi.app;

import java.util.concurrent.Callable;
import network.tachi.indexer.ProjectionDeploy;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Removes the projections that readers do not see. */
@Command(
    name = "drop-projections",
    header = "Removes every projection that readers do not see; there is no way back to them.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  ./tachi indexer drop-projections --network base,ethereum --database"
          + " jdbc:postgresql://db:5432/tachi"
    })
final class DropProjectionsCommand implements Callable<Integer> {
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
          .line("Removed: " + new ProjectionDeploy(database).dropOthers());
      return 0;
    }
  }
}

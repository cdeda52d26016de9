package network.tachi.app;

import network.tachi.indexer.ProjectionDeploy;
import network.tachi.store.Database;
import picocli.CommandLine.Command;

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
final class DropProjectionsCommand extends StoreCommand {
  @Override
  void run(Database database, Console console) {
    console.line("Removed: " + new ProjectionDeploy(database).dropOthers());
  }
}

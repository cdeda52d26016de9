package network.tachi.app;

import network.tachi.indexer.ProjectionDeploy;
import network.tachi.store.Database;
import picocli.CommandLine.Command;

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
final class RollbackProjectionCommand extends StoreCommand {
  @Override
  void run(Database database, Console console) {
    console.line("Readers see " + new ProjectionDeploy(database).rollBack());
  }
}

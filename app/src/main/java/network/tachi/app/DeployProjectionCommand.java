package network.tachi.app;

import network.tachi.indexer.ProjectionDeploy;
import network.tachi.store.Database;
import network.tachi.store.ProjectionSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts another form of the projection in place of the one that readers see. */
@Command(
    name = "deploy-projection",
    header = "Makes what readers see anew from the stored logs, and lets them see it at once.",
    description = {
      "Fills the next schema chain_v<n> beside the one in use, without a node, while the indexer"
          + " goes on; begun before, it goes on where it was. Once it is level, the indexer's"
          + " commits write both, and all views change in one transaction. The old one stays level,"
          + " for ./tachi indexer rollback-projection."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  ./tachi indexer deploy-projection --network base,ethereum --database"
          + " jdbc:postgresql://db:5432/tachi"
    })
final class DeployProjectionCommand extends StoreCommand {
  @Option(
      names = "--prepare",
      description = "Only fill it and have it written; readers go on seeing the one in use.")
  private boolean prepareOnly;

  @Override
  void run(Database database, Console console) {
    ProjectionDeploy deploy = new ProjectionDeploy(database);
    ProjectionSchema before = deploy.live();
    ProjectionSchema target;
    try (ProgressDisplay _ = ProgressDisplay.of(deploy::progress, console)) {
      target = deploy.prepare();
    }
    if (prepareOnly) {
      console.line(target + " is level with the chains and written; readers see " + before);
      return;
    }
    deploy.show(target);
    console.line(
        "Readers see "
            + target
            + "; back to "
            + before
            + " with ./tachi indexer rollback-projection");
  }
}

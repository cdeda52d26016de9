package network.tachi.app;

import java.time.Duration;
import java.util.concurrent.Callable;
import network.tachi.indexer.ProjectionDeploy;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.ProjectionSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

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
final class DeployProjectionCommand implements Callable<Integer> {
  private static final Duration SAY_EVERY = Duration.ofSeconds(10);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private IndexerCommand parent;

  @Option(
      names = "--prepare",
      description = "Only fill it and have it written; readers go on seeing the one in use.")
  private boolean prepareOnly;

  @Override
  public Integer call() {
    Console console = new Console(spec.commandLine().getOut());
    try (Database database =
        Database.open(parent.options().database(DatabaseRole.INDEXER), DatabaseRole.INDEXER, 2)) {
      ProjectionDeploy deploy = new ProjectionDeploy(database);
      ProjectionSchema before = deploy.live();
      ProjectionSchema target = deploy.prepare(progress(console));
      if (prepareOnly) {
        console.line(target + " is level with the chains and written; readers see " + before);
        return 0;
      }
      deploy.show(target);
      console.line(
          "Readers see "
              + target
              + "; back to "
              + before
              + " with ./tachi indexer rollback-projection");
      return 0;
    }
  }

  private static ProjectionDeploy.Listener progress(Console console) {
    long[] said = {System.nanoTime()};
    return (chain, number, head) -> {
      if (System.nanoTime() - said[0] >= SAY_EVERY.toNanos()) {
        said[0] = System.nanoTime();
        console.line("chain " + chain + ": filled up to block " + number + " of " + head);
      }
    };
  }
}

package network.tachi.app;

import java.util.concurrent.Callable;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What is done with an index besides filling it, with the indexer's login. */
abstract class StoreCommand implements Callable<Integer> {
  private static final int CONNECTIONS = 4;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private IndexerCommand parent;

  /** The options of the command above. */
  final RoleOptions options() {
    return parent.options();
  }

  @Override
  public final Integer call() {
    Console console = new Console(spec.commandLine().getOut());
    try (Database database =
        Database.open(
            options().database(DatabaseRole.INDEXER), DatabaseRole.INDEXER, CONNECTIONS)) {
      run(database, console);
      return 0;
    }
  }

  abstract void run(Database database, Console console);
}

package network.tachi.app;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import network.tachi.chainconfig.Secret;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;
import network.tachi.store.Migrations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prepares a database for this version. */
@Command(
    name = "migrate",
    header = "Prepares a database for this version.",
    description = {
      "Applies the migrations that are missing, as tachi_owner, and sets the passwords of the roles"
          + " that TACHI_DB_PASSWORD_<ROLE> gives: INDEXER, ORACLE, QUERY_API, GATEWAY, DEPLOY."
          + " Safe to run again, and by several at once."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  ./tachi migrate --database jdbc:postgresql://db:5432/tachi --database-password"
          + " file:/run/secrets/owner"
    })
final class MigrateCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--database",
      required = true,
      paramLabel = "JDBC-URL",
      description =
          "PostgreSQL 18 with a login tachi_owner that owns the database and may create roles.")
  private String database = "";

  @Option(
      names = "--database-password",
      paramLabel = "REF",
      description = "Of tachi_owner: env:NAME or file:PATH (default env:TACHI_DB_PASSWORD).")
  private String password = "env:TACHI_DB_PASSWORD";

  @Override
  public Integer call() {
    Map<DatabaseRole, String> passwords = new EnumMap<>(DatabaseRole.class);
    passwords.put(
        DatabaseRole.OWNER, Secret.read(password, "--database-password", System.getenv()));
    for (DatabaseRole role : DatabaseRole.values()) {
      String given = System.getenv("TACHI_DB_PASSWORD_" + role.name());
      if (role != DatabaseRole.OWNER && given != null) {
        passwords.put(role, given);
      }
    }
    int applied = Migrations.migrate(new DatabaseSettings(database, passwords));
    new Console(spec.commandLine().getOut())
        .line(
            "The schema is that of this version; "
                + applied
                + " migrations were missing, passwords set: "
                + (passwords.size() - 1));
    return 0;
  }
}

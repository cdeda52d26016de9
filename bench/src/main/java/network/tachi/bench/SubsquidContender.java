package network.tachi.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Subsquid's processor on plain RPC. */
final class SubsquidContender extends PeerContender {
  SubsquidContender() {
    super("Subsquid (evm-processor 1.27.3)", "subsquid");
  }

  @Override
  void prepare(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET ROLE subsquid");
      statement.execute(Files.readString(project().resolve("schema.sql")));
      statement.execute("RESET ROLE");
    } catch (SQLException e) {
      throw new BenchException("schema of subsquid", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  List<String> command(Map<String, String> environment) {
    return List.of("node", "main.js");
  }

  @Override
  BooleanSupplier done(Connection connection, long lastBlock) {
    return () ->
        Sql.exists(connection, "squid_processor.hot_block")
            && Sql.number(
                    connection,
                    "SELECT max(height) FROM (SELECT height FROM squid_processor.status"
                        + " UNION ALL SELECT height FROM squid_processor.hot_block) AS heights")
                >= lastBlock;
  }

  @Override
  String payments() {
    return "public.payment";
  }

  @Override
  String totals() {
    return "SELECT id, amount, payments FROM public.license_total";
  }
}

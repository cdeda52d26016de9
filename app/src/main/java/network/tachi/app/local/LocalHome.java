package network.tachi.app.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The folder that holds all state of a local network, {@code .tachi/} in the repository.
 *
 * @param root the folder itself
 */
public record LocalHome(Path root) {
  /** Data files of the embedded PostgreSQL. */
  public Path postgres() {
    return root.resolve("postgres");
  }

  /** Chain states that anvil wrote when it was stopped in order. */
  public Path chains() {
    return root.resolve("chains");
  }

  /** Deployment files, one a network. */
  public Path deployments() {
    return root.resolve("deployments");
  }

  /** Log files. */
  public Path logs() {
    return root.resolve("log");
  }

  /** What the oracle keeps outside the database. */
  public Path oracle() {
    return root.resolve("oracle");
  }

  /** The pid file: which children run and what they run on. */
  public Path runFile() {
    return root.resolve("run.properties");
  }

  /** Locked while a local network is up. */
  public Path lockFile() {
    return root.resolve("up.lock");
  }

  /** Makes the folders that must exist. */
  public void create() {
    try {
      for (Path folder : new Path[] {root, chains(), deployments(), logs(), oracle()}) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create " + root, e);
    }
  }

  /** Deletes a file or a folder with all that is in it; does nothing if it is not there. */
  static void delete(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + path, e);
    }
  }
}

package network.tachi.app.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import network.tachi.app.UserError;

/** Finds programs. */
final class Executables {
  private Executables() {}

  /** A program on the path. */
  static Optional<Path> find(String name) {
    for (String folder :
        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder.isEmpty() ? "." : folder, name);
      if (Files.isExecutable(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /**
   * A Foundry tool of the repository: the executable itself and not npm's wrapper, so that its pid
   * is the tool's.
   *
   * @throws UserError if it is not installed
   */
  static Path foundry(Path repository, String name) {
    Path packages = repository.resolve("tools/node_modules/@foundry-rs");
    if (Files.isDirectory(packages)) {
      try (Stream<Path> platforms = Files.list(packages)) {
        Optional<Path> found =
            platforms
                .filter(path -> path.getFileName().toString().startsWith(name + "-"))
                .map(path -> path.resolve("bin").resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isPresent()) {
          return found.get();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new UserError(
        name + " is not installed: run ./tachi build, which installs the npm tools");
  }
}

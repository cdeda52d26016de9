package network.tachi.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the npm tools of the repository are. */
public final class Tools {
  private Tools() {}

  /**
   * The repository's root: the nearest folder above the working directory that holds {@code
   * tools/package-lock.json}.
   *
   * @throws IllegalStateException if there is none
   */
  public static Path repository() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("tools/package-lock.json"))) {
        return folder;
      }
    }
    throw new IllegalStateException(
        "not inside the repository: no tools/package-lock.json above "
            + Path.of("").toAbsolutePath());
  }

  /**
   * The executable of a Foundry tool itself, not npm's wrapper, so that its pid is the tool's.
   *
   * @param name such as {@code anvil}
   * @throws IllegalStateException if it is not installed
   */
  public static Path foundry(String name) {
    Path packages = repository().resolve("tools/node_modules/@foundry-rs");
    if (Files.isDirectory(packages)) {
      try (Stream<Path> found = Files.list(packages)) {
        for (Path platform :
            found.filter(path -> path.getFileName().toString().startsWith(name + "-")).toList()) {
          Path executable = platform.resolve("bin/" + name);
          if (Files.isExecutable(executable)) {
            return executable;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new IllegalStateException(name + " is not installed: run 'npm ci' in tools/");
  }
}

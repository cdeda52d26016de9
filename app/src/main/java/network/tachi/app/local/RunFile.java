package network.tachi.app.local;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;

/**
 * The pid file of a local network. It tells the next start which children are ours: a child is
 * adopted or stopped only if pid, start time and (for a chain) genesis hash all agree, so that a
 * reused pid or a foreign node is never touched. Each change replaces the file atomically.
 */
final class RunFile {
  private final Path path;
  private final Properties values = new Properties();

  private RunFile(Path path) {
    this.path = path;
  }

  static RunFile open(Path path) {
    RunFile file = new RunFile(path);
    if (Files.exists(path)) {
      try (Reader reader = Files.newBufferedReader(path)) {
        file.values.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + path, e);
      }
    }
    return file;
  }

  Optional<String> get(String key) {
    return Optional.ofNullable(values.getProperty(key));
  }

  RunFile put(String key, Object value) {
    values.setProperty(key, value.toString());
    return this;
  }

  /** Removes all keys that begin with the prefix. */
  RunFile removeAll(String prefix) {
    values.keySet().removeIf(key -> key.toString().startsWith(prefix));
    return this;
  }

  void save() {
    Path next = path.resolveSibling(path.getFileName() + ".next");
    try {
      try (Writer writer = Files.newBufferedWriter(next)) {
        values.store(writer, "Children of the local network. Written by tachi up.");
      }
      try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }
}

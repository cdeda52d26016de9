package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import org.jspecify.annotations.Nullable;

/**
 * The watermark outside the database. It moves, and is on disk, before any entry up to it is
 * signed. So an old copy of the database, which ends before the watermark, is found out before an
 * index is signed a second time with other content.
 *
 * <p>One file a deployment, replaced as a whole: a reader finds the old mark or the new one.
 */
final class WatermarkFile {
  private static final String HEADING = "tachi-watermark-1";

  private final Path file;
  private final Path directory;
  private final Hash deploymentId;
  private @Nullable Watermark current;

  private WatermarkFile(Path file, Path directory, Hash deploymentId) {
    this.file = file;
    this.directory = directory;
    this.deploymentId = deploymentId;
  }

  /**
   * Opens or starts the watermark of one deployment.
   *
   * @param directory is made if absent
   * @throws UncheckedIOException if it can't be read
   * @throws LogRolledBackException if the file is damaged: then nothing says what was signed
   */
  static WatermarkFile open(Path directory, Hash deploymentId) {
    requireNonNull(directory, "directory is null");
    requireNonNull(deploymentId, "deploymentId is null");
    try {
      Files.createDirectories(directory);
      Path file = directory.resolve(deploymentId + ".watermark");
      WatermarkFile watermark = new WatermarkFile(file, directory, deploymentId);
      if (Files.exists(file)) {
        watermark.current = parse(file, deploymentId);
      }
      return watermark;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The furthest mark; empty if nothing was ever signed. */
  Optional<Watermark> current() {
    return Optional.ofNullable(current);
  }

  /**
   * Makes sure the mark stands at an entry or further. It is on disk when this returns. Entries
   * below the mark were cleared before; the log holds them still, as {@link LogTable#requireHolds}
   * has checked.
   *
   * @throws LogRolledBackException if the mark stands at the same place with another leaf
   * @throws UncheckedIOException if it can't be written
   */
  void reach(Watermark next) {
    Watermark before = current;
    if (before != null && before.compareTo(next) > 0) {
      return;
    }
    if (before != null && before.compareTo(next) == 0) {
      if (!before.leafHash().equals(next.leafHash())) {
        throw new LogRolledBackException(before + " was signed; not " + next);
      }
      return;
    }
    try {
      write(next);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    current = next;
  }

  private void write(Watermark mark) throws IOException {
    String text =
        String.join(
            "\n",
            HEADING,
            deploymentId.toString(),
            Long.toString(mark.generation()),
            Long.toString(mark.index()),
            mark.leafHash().toString(),
            "");
    Path temporary = directory.resolve(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Watermark parse(Path file, Hash deploymentId) throws IOException {
    String[] lines = Files.readString(file, StandardCharsets.US_ASCII).split("\n", -1);
    try {
      if (lines.length != 6 || !lines[0].equals(HEADING) || !lines[5].isEmpty()) {
        throw new LogRolledBackException("the watermark " + file + " is damaged");
      }
      if (!Hash.parse(lines[1]).equals(deploymentId)) {
        throw new LogRolledBackException("the watermark " + file + " is of another deployment");
      }
      return new Watermark(
          Long.parseLong(lines[2]), Long.parseLong(lines[3]), Hash.parse(lines[4]));
    } catch (InvalidValueException | NumberFormatException e) {
      throw new LogRolledBackException("the watermark " + file + " is damaged", e);
    }
  }
}

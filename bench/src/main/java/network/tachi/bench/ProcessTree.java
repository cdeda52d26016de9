package network.tachi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What Linux says about a process and all below it. */
final class ProcessTree {
  /** Ticks a second, the same on every Linux of our platforms. */
  private static final double TICKS = 100;

  private final ProcessHandle root;

  ProcessTree(ProcessHandle root) {
    this.root = root;
  }

  /** Seconds of processor time, those of children that have ended among them. */
  double cpuSeconds() {
    return members().mapToDouble(ProcessTree::cpuSeconds).sum();
  }

  /** Resident memory in bytes. */
  long residentBytes() {
    return members().mapToLong(ProcessTree::residentBytes).sum();
  }

  private Stream<Long> members() {
    return Stream.concat(Stream.of(root), root.descendants()).map(ProcessHandle::pid);
  }

  private static double cpuSeconds(long pid) {
    String stat = read(Path.of("/proc/" + pid + "/stat"));
    if (stat.isEmpty()) {
      return 0;
    }
    // The name in brackets may hold blanks; fields 14 to 17 are own and children's times.
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    long ticks = 0;
    for (String field : fields.subList(11, 15)) {
      ticks += Long.parseLong(field);
    }
    return ticks / TICKS;
  }

  private static long residentBytes(long pid) {
    return read(Path.of("/proc/" + pid + "/status"))
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .sum();
  }

  /** A file of a process; empty if the process is gone. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException _) {
      return "";
    }
  }
}

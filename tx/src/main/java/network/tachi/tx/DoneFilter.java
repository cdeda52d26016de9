package network.tachi.tx;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks of several rows at a time whether they are done already, as each may ask a node. */
final class DoneFilter {
  /** What is known of a row. */
  sealed interface Verdict {
    record Done() implements Verdict {}

    record ToDo() implements Verdict {}

    record Unknown(String why) implements Verdict {}
  }

  private final AlreadyDone alreadyDone;

  DoneFilter(AlreadyDone alreadyDone) {
    this.alreadyDone = alreadyDone;
  }

  /** The verdicts in the rows' order. */
  List<Verdict> ask(List<OutboxRow> rows) {
    if (rows.size() == 1) {
      return rows.stream().map(this::ask).toList();
    }
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Verdict>> futures = new ArrayList<>();
      for (OutboxRow row : rows) {
        futures.add(executor.submit(() -> ask(row)));
      }
      return futures.stream().map(DoneFilter::get).toList();
    }
  }

  private Verdict ask(OutboxRow row) {
    try {
      return alreadyDone.test(row.name().kind(), row.name().key())
          ? new Verdict.Done()
          : new Verdict.ToDo();
    } catch (RuntimeException e) {
      // The caller's code: whatever its trouble, it is that of this row alone.
      return new Verdict.Unknown(String.valueOf(e.getMessage()));
    }
  }

  private static Verdict get(Future<Verdict> future) {
    try {
      return future.get();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Verdict.Unknown("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking whether a request is done already failed", e);
    }
  }
}

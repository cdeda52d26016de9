package network.tachi.store;

import org.jspecify.annotations.Nullable;

/** Thrown when the database cannot be used. The nested types say why. */
public abstract sealed class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Nobody answers at the address, or the connection broke. */
  public static final class Unreachable extends StoreException {
    private static final long serialVersionUID = 1L;

    Unreachable(String address, Throwable cause) {
      super("database unreachable at " + address + ": " + cause.getMessage(), cause);
    }
  }

  /** The server answers but refuses the role, its password, or knows no such database. */
  public static final class Refused extends StoreException {
    private static final long serialVersionUID = 1L;

    Refused(String address, String user, Throwable cause) {
      super("database " + address + " refuses " + user + ": " + cause.getMessage(), cause);
    }
  }

  /** The server or the data directory is of a version that is not supported. */
  public static final class WrongVersion extends StoreException {
    private static final long serialVersionUID = 1L;

    WrongVersion(String place, String expected, String found) {
      super(place + ": expected PostgreSQL " + expected + ", found " + found, null);
    }
  }

  /** The schema was migrated by a newer version of this program, which alone may use it now. */
  public static final class NewerSchema extends StoreException {
    private static final long serialVersionUID = 1L;

    NewerSchema(String address, String found) {
      super(
          "database "
              + address
              + " has migration "
              + found
              + ", which this version does not know: use the version that made it, or a newer one",
          null);
    }
  }

  /** The schema lacks migrations, or was never migrated. */
  public static final class OlderSchema extends StoreException {
    private static final long serialVersionUID = 1L;

    OlderSchema(String address, String missing) {
      super("database " + address + " lacks migration " + missing + ": migrate it first", null);
    }
  }

  /** A migration failed, or an applied one was changed afterwards. */
  public static final class MigrationFailed extends StoreException {
    private static final long serialVersionUID = 1L;

    MigrationFailed(String address, Throwable cause) {
      super("migration of database " + address + " failed: " + cause.getMessage(), cause);
    }
  }

  /** A directory or a port is in use by a PostgreSQL that is not ours. */
  public static final class Foreign extends StoreException {
    private static final long serialVersionUID = 1L;

    Foreign(String detail) {
      super(detail, null);
    }
  }

  /** The embedded server could not be unpacked, started or stopped. */
  public static final class EmbeddedFailure extends StoreException {
    private static final long serialVersionUID = 1L;

    EmbeddedFailure(String detail, @Nullable Throwable cause) {
      super(detail, cause);
    }
  }
}

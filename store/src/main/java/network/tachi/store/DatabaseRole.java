package network.tachi.store;

/** The login roles of the database. Each writes one schema and reads the views of the others. */
public enum DatabaseRole {
  /** Owns all schemas and runs the migrations. */
  OWNER("tachi_owner", ""),
  /** Writes {@code chain}. */
  INDEXER("tachi_indexer", "chain"),
  /** Writes {@code metering}. */
  ORACLE("tachi_oracle", "metering"),
  /** Writes {@code account}. */
  QUERY_API("tachi_query_api", "account"),
  /** Writes {@code gateway}. */
  GATEWAY("tachi_gateway", "gateway"),
  /** Writes {@code deploy}. */
  DEPLOY("tachi_deploy", "deploy");

  private final String user;
  private final String schema;

  DatabaseRole(String user, String schema) {
    this.user = user;
    this.schema = schema;
  }

  /** The name to log in with. */
  public String user() {
    return user;
  }

  /** The one schema it writes; empty for the owner, who writes all. */
  public String schema() {
    return schema;
  }
}

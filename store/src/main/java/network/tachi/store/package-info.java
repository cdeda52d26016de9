/**
 * PostgreSQL: migrations, roles, pools, the embedded server, and the jOOQ model generated from the
 * migrations (package {@code network.tachi.store.jooq}).
 */
@NullMarked
package network.tachi.store;

import org.jspecify.annotations.NullMarked;

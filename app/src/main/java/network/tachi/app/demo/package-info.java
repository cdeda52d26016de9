/** Sample traffic with real signatures and transactions, and the check of the books after it. */
@NullMarked
package network.tachi.app.demo;

import org.jspecify.annotations.NullMarked;

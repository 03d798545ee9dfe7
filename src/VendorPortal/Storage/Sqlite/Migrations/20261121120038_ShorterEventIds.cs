using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VendorPortal.Storage.Sqlite.Migrations
{
    /// <summary>Repeats are known by 10 bytes of the hash instead of 16. The requests stay, and repeats of them are known as before.</summary>
    public partial class ShorterEventIds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "UX_RegistryRequests_Event", table: "RegistryRequests");
            migrationBuilder.Sql("UPDATE \"RegistryRequests\" SET \"EventId\" = substr(\"EventId\", 1, 10) WHERE length(\"EventId\") > 10");
            migrationBuilder.CreateIndex(
                name: "UX_RegistryRequests_Event",
                table: "RegistryRequests",
                columns: new[] { "VendorId", "FeedId", "EventId" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The rest of the hashes is gone: an older version takes repeats of these requests for new ones.
        }
    }
}

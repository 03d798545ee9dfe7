using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VendorPortal.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class UsageWords : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "EventId",
                table: "UsageConsents",
                type: "BLOB",
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.CreateIndex(
                name: "IX_UsageConsents_Event",
                table: "UsageConsents",
                columns: new[] { "VendorId", "EventId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_UsageConsents_Event",
                table: "UsageConsents");

            migrationBuilder.DropColumn(
                name: "EventId",
                table: "UsageConsents");
        }
    }
}

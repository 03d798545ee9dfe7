using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VendorPortal.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class FeedFormats : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "GivenKind",
                table: "RegistryRequests",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Options",
                table: "Feeds",
                type: "TEXT",
                maxLength: 8000,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "GivenKind",
                table: "RegistryRequests");

            migrationBuilder.DropColumn(
                name: "Options",
                table: "Feeds");
        }
    }
}

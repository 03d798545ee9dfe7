using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VendorPortal.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class NetworkFacts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Country",
                table: "Addresses",
                type: "TEXT",
                maxLength: 2,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Host",
                table: "Addresses",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "NetworkStamp",
                table: "Addresses",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "NetworkType",
                table: "Addresses",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Organisation",
                table: "Addresses",
                type: "TEXT",
                maxLength: 200,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Country",
                table: "Addresses");

            migrationBuilder.DropColumn(
                name: "Host",
                table: "Addresses");

            migrationBuilder.DropColumn(
                name: "NetworkStamp",
                table: "Addresses");

            migrationBuilder.DropColumn(
                name: "NetworkType",
                table: "Addresses");

            migrationBuilder.DropColumn(
                name: "Organisation",
                table: "Addresses");
        }
    }
}

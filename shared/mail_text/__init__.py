"""What customers and staff read in mails, and how money, dates and times are put into words."""

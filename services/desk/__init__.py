"""What people at their desks do with a case besides moving it: claims, requests among colleagues, copies, absences."""

authshift helper: java
